import { setTimeout as sleep } from "node:timers/promises";
import type { KafkaLogin } from "../../tests/software/kafka-client";
import { TopicReader, writeMessages } from "../../tests/services/topic-reader";
import { makeTopics } from "../make-topics";
import { ClientProcess } from "./client-process";
import type { ClientName, Order } from "./client-orders";

/** What came of copying while members came and went. */
export interface CopyFigures {
  readonly sent: number;
  readonly lost: number;
  readonly doubled: number;
  /** Members that were killed, and that were ended and started again. */
  readonly killed: number;
  readonly restarted: number;
}

const members = 3;
/** Between two ends of members. */
const pauseMs = 3_000;
/** Messages written at a time, so that some are always on their way. */
const portion = 100;
const portionPauseMs = 100;
/** What is not there by then is lost. */
const patienceMs = 90_000;

type Login = Order["login"];

/**
 * Copies messages from one topic into another by three members of a group, of which every few seconds one is killed or
 * restarted, in turn; then counts what readers of committed messages see.
 */
export async function measureMembers(
  client: ClientName,
  login: Login & KafkaLogin,
  names: { readonly from: string; readonly to: string },
  seconds: number,
): Promise<CopyFigures> {
  await makeTopics(login, names.from, names.to);
  const start = (member: number): ClientProcess =>
    new ClientProcess({
      kind: "copy",
      client,
      login,
      group: `copy-${names.from}`,
      member: `member-${member}`,
      ...names,
    });
  const running = Array.from({ length: members }, (_, member) => start(member));
  const reader = new TopicReader(login, names.to);
  try {
    await reader.start();
    for (const member of running) {
      const answer = await member.first();
      if (answer.kind === "failed") throw new Error(answer.reason);
    }
    const sending = { isOver: false };
    const sent = send(login, names.from, sending);
    const ends = await comeAndGo(running, start, seconds);
    sending.isOver = true;
    const count = await sent;
    const deadline = performance.now() + patienceMs;
    while (reader.counts.size < count && performance.now() < deadline) await sleep(200);
    // Time for what might come a second time.
    await sleep(pauseMs);
    const doubled = [...reader.counts.values()].filter((times) => times > 1).length;
    return { sent: count, lost: count - reader.counts.size, doubled, ...ends };
  } finally {
    await Promise.all(running.map((member) => member.stop("SIGKILL")));
    await reader.close();
  }
}

/** Acknowledged messages; each has a value of its own. */
async function send(login: KafkaLogin, topic: string, sending: { isOver: boolean }): Promise<number> {
  let count = 0;
  while (!sending.isOver) {
    const messages = Array.from({ length: portion }, (_, index) => String(count + index));
    await writeMessages(
      login,
      topic,
      messages.map((value) => ({ key: value, value })),
    );
    count += portion;
    await sleep(portionPauseMs);
  }
  return count;
}

async function comeAndGo(
  running: ClientProcess[],
  start: (member: number) => ClientProcess,
  seconds: number,
): Promise<{ killed: number; restarted: number }> {
  const ends = { killed: 0, restarted: 0 };
  const deadline = performance.now() + seconds * 1000;
  for (let turn = 0; performance.now() < deadline; turn += 1) {
    await sleep(pauseMs);
    const index = turn % members;
    const isKilled = turn % 2 === 0;
    await running[index]?.stop(isKilled ? "SIGKILL" : "SIGTERM");
    running[index] = start(index);
    if (isKilled) ends.killed += 1;
    else ends.restarted += 1;
  }
  return ends;
}
