import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { readJson, writePrivate } from "../files";
import type { Layout } from "../layout";
import { UserError } from "../user-error";
import { groupOf } from "./process-group";
import { identify, isAlive, processIdentity, sendSignal } from "./process-identity";
import { until } from "./until";

/** A background process as it should run. */
export interface ProcessSpec {
  /** Names its record and its log file. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Variables beyond PATH and HOME; nothing else of the caller's environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Configuration files: the process is restarted when their content changes. */
  readonly inputs?: readonly string[];
  /** The loopback ports that it listens on, by purpose. */
  readonly ports: Readonly<Record<string, number>>;
}

const processRecord = processIdentity.extend({
  /** Digest of the specification that it was started with. */
  fingerprint: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  ports: z.record(z.string(), z.number().int()),
});

/** What is kept on disk about a process that was started here. */
export type ProcessRecord = Readonly<z.infer<typeof processRecord>> & { readonly name: string };

/** What {@link ensureProcess} had to do. */
export type Started = "kept" | "started" | "restarted";

/** Time that a process gets to end by itself before it is killed, in milliseconds; Kafka takes the longest. */
const stopGrace = 15_000;

/** Makes sure that a process runs as specified: one that does is kept, any other is stopped and started anew. */
export async function ensureProcess(layout: Layout, spec: ProcessSpec): Promise<Started> {
  const running = readProcess(layout, spec.name);
  if (running && isAlive(running)) {
    if (running.fingerprint === fingerprintOf(spec)) return "kept";
    await stopProcess(layout, spec.name);
    await startProcess(layout, spec);
    return "restarted";
  }
  await startProcess(layout, spec);
  return "started";
}

/** The record of a process, whether or not it still runs; undefined if it was never started or was stopped. */
export function readProcess(layout: Layout, name: string): ProcessRecord | undefined {
  const record = readJson(recordPath(layout, name), processRecord);
  return record && { ...record, name };
}

/** The records of all processes, sorted by name. */
export function readProcesses(layout: Layout): readonly ProcessRecord[] {
  if (!existsSync(layout.processes)) return [];
  const names = readdirSync(layout.processes).filter((file) => file.endsWith(".json"));
  return names.sort().flatMap((file) => readProcess(layout, basename(file, ".json")) ?? []);
}

/**
 * Ends a process that was started here: asks it to, waits, and kills it if it doesn't.
 * A process that merely was given the same id is left alone.
 *
 * @returns whether there was one to end.
 */
export async function stopProcess(layout: Layout, name: string): Promise<boolean> {
  const record = readProcess(layout, name);
  if (!record) return false;
  const running = isAlive(record);
  if (running) {
    sendSignal(record, "SIGTERM");
    const ended = await until(() => !isAlive(record), stopGrace);
    if (!ended) {
      sendSignal(record, "SIGKILL");
      await until(() => !isAlive(record), stopGrace);
    }
    if (isAlive(record)) throw new UserError(`${name} (process ${record.pid}) can't be ended.`);
  }
  rmSync(recordPath(layout, name), { force: true });
  return running;
}

/**
 * Ends a process as {@link stopProcess} does, and then what it started and left behind: a container that ends takes all of
 * its processes with it.
 *
 * @returns whether there was one to end.
 */
export async function endProcessGroup(layout: Layout, name: string): Promise<boolean> {
  const record = readProcess(layout, name);
  const stopped = await stopProcess(layout, name);
  if (record !== undefined) for (const member of groupOf(record)) sendSignal(member, "SIGKILL");
  return stopped;
}

/** The log file of a process; the one of the start before has `.previous` in its name. */
export function logPath(layout: Layout, name: string): string {
  return join(layout.logs, `${name}.log`);
}

/** The last lines of a process's log, for a message about its failure. */
export function logTail(layout: Layout, name: string, lines = 15): string {
  const path = logPath(layout, name);
  return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines).join("\n") : "";
}

async function startProcess(layout: Layout, spec: ProcessSpec): Promise<void> {
  const log = logPath(layout, spec.name);
  if (existsSync(log)) renameSync(log, join(layout.logs, `${spec.name}.previous.log`));
  const output = openSync(log, "a", 0o600);
  // The shell waits for a line before it becomes the program. Should this command be killed
  // before the record is written, the shell sees its input end and starts nothing that
  // nobody knows of.
  const child = spawn(
    "/bin/sh",
    ["-c", 'read -r go && exec "$0" "$@" </dev/null', spec.program, ...spec.args],
    {
      cwd: layout.directory,
      detached: true,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...spec.env },
      stdio: ["pipe", output, output],
    },
  );
  closeSync(output);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  const { stdin } = child;
  if (!identity || !stdin) throw new UserError(`${spec.name} could not be started: /bin/sh does not run.`);
  const record = {
    ...identity,
    fingerprint: fingerprintOf(spec),
    startedAt: new Date().toISOString(),
    ports: spec.ports,
  };
  writePrivate(recordPath(layout, spec.name), `${JSON.stringify(record, undefined, 2)}\n`);
  await new Promise<void>((resolve, reject) => {
    stdin.on("error", reject);
    stdin.end("go\n", resolve);
  });
  child.unref();
}

function fingerprintOf(spec: ProcessSpec): string {
  const files = (spec.inputs ?? []).map((path) => readFileSync(path, "utf8"));
  const { program, args, env } = spec;
  return createHash("sha256").update(JSON.stringify({ program, args, env, files })).digest("hex");
}

function recordPath(layout: Layout, name: string): string {
  return join(layout.processes, `${name}.json`);
}
