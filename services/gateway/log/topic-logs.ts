import { mkdirSync, readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "@algorun/common";
import type { GatewayConfig, LogSettings } from "../configuration/gateway-config";
import type { CircuitBreaker } from "../delivery/circuit-breaker";
import type { LogMode } from "../delivery/delivery";
import type { PipelineMessage } from "../delivery/pipeline-message";
import { volumeShares } from "../limits/volume-shares";
import { LogReplay, type ReplaySettings } from "./log-replay";
import { LogSpace } from "./log-space";
import { WriteAheadLog } from "./write-ahead-log";

const mebibyte = 1024 * 1024;
/** A message as large as Kafka takes by default has room on the disk. */
const mostMessageBytes = mebibyte;
/** What is delivered is written down so often: after a crash, so much is sent again at most. */
const saveMs = 500;

/** What the logs are made from. */
export interface TopicLogsOptions {
  readonly config: Pick<GatewayConfig, "producer" | "paths">;
  readonly send: (message: PipelineMessage) => Promise<void>;
  readonly breaker: CircuitBreaker;
  readonly windowBytes: number;
  readonly logger: Logger;
}

/** Folder for pieces of media streams that wait, beside the topics' folders: no topic has such a name. */
export const mediaFolder = "media streams";

/** How each topic uses its log. */
export function logModeOf(
  { mode, always_topics: always, disable_topics: disable }: LogSettings,
  topic: string,
): LogMode {
  if (always.includes(topic)) return "always";
  return disable.includes(topic) ? "disable" : mode;
}

/** A write-ahead log for each topic, in a folder of its name, all within the same bounds; and what sends them. */
export class TopicLogs {
  private readonly replays: LogReplay[] = [];
  private saving: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    /** Those that new messages may go to. */
    readonly usable: ReadonlyMap<string, WriteAheadLog>,
    private readonly all: readonly WriteAheadLog[],
    readonly space: LogSpace,
    private readonly path: string,
    private readonly logger: Logger,
  ) {}

  /** Opens the logs of all topics, with those that other configurations left behind: their messages are sent, too. */
  static async open(options: TopicLogsOptions): Promise<TopicLogs> {
    const { config, logger } = options;
    const { wal } = config.producer;
    const wanted = config.paths
      .map(({ topic }) => topic)
      .filter((topic) => logModeOf(wal, topic) !== "disable");
    const left = foldersIn(wal.path);
    const space = new LogSpace(wanted.length > 0 ? volumeShares(config).log : 0);
    // Some files for each topic, so that they can be removed one after the other.
    const segmentBytes = Math.min(Math.max(Math.floor(space.limit / 32), mebibyte), 16 * mebibyte);
    const logs = new Map<string, WriteAheadLog>();
    for (const topic of new Set([...wanted, ...left])) {
      const folder = join(wal.path, topic);
      logs.set(topic, await WriteAheadLog.open({ folder, topic, space, segmentBytes, logger }));
    }
    const usable = new Map([...logs].filter(([topic]) => wanted.includes(topic)));
    const topicLogs = new TopicLogs(usable, [...logs.values()], space, wal.path, logger);
    topicLogs.start(options);
    return topicLogs;
  }

  /** Messages that wait for Kafka. */
  get messages(): number {
    return this.all.reduce((sum, { messages }) => sum + messages, 0);
  }

  /** Milliseconds since 1970. */
  get oldest(): number | undefined {
    const times = this.all.flatMap(({ oldest }) => (oldest === undefined ? [] : [oldest]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Whether a message would find room. */
  get hasRoom(): boolean {
    return this.usable.size > 0 && !this.space.isFull && freeBytes(this.path) > mostMessageBytes;
  }

  /** Sends nothing more. */
  async stopReplay(): Promise<void> {
    await Promise.all(this.replays.map((replay) => replay.stop()));
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.saving;
    await Promise.all(this.all.map((log) => log.close()));
  }

  private start({ breaker, config, logger, send, windowBytes }: TopicLogsOptions): void {
    const { period, rate_limit: rateLimit } = config.producer.resend;
    const settings: ReplaySettings = { periodMs: period, rateLimit, windowBytes };
    for (const log of this.all) this.replays.push(new LogReplay(log, send, breaker, settings, logger));
    this.timer = setInterval(() => {
      this.saving = this.saving.then(() => this.save());
    }, saveMs);
    this.timer.unref();
  }

  private async save(): Promise<void> {
    for (const log of this.all) {
      try {
        await log.save();
      } catch (error) {
        // On a full disk: messages may be sent twice after a crash, and none gets lost.
        this.logger.warn({ err: error }, "what is delivered can't be written down");
      }
    }
  }
}

function foldersIn(path: string): readonly string[] {
  mkdirSync(path, { recursive: true });
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && ![mediaFolder, "lost+found"].includes(entry.name))
    .map(({ name }) => name)
    .sort();
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
