import { setTimeout as sleep } from "node:timers/promises";
import { messageText } from "../dataplane/message-text";
import { latencyOf } from "../report/quantiles";
import type { Speed } from "./client-orders";
import type { ClientUnderTest, TextMessage } from "./client-under-test";

const messageBytes = 1024;
/** Messages of one call, as the gateway and the runner collect them under load. */
const batch = 200;
const warmUpBatches = 50;
const patienceMs = 60_000;

/** Writes, waits for single messages, and reads what was written, one after the other, in this process. */
export async function measureSpeed(client: ClientUnderTest, topic: string, seconds: number): Promise<Speed> {
  const producer = await client.producer(topic);
  let count = 0;
  const next = (messages: number): readonly TextMessage[] =>
    Array.from({ length: messages }, () => {
      count += 1;
      return { key: String(count), value: messageText(count, messageBytes) };
    });
  for (let warm = 0; warm < warmUpBatches; warm += 1) await producer.send(next(batch));
  const written = await rate(async (deadline) => {
    const before = count;
    while (performance.now() < deadline) await producer.send(next(batch));
    return count - before;
  }, seconds);
  const times: number[] = [];
  await rate(async (deadline) => {
    while (performance.now() < deadline) {
      const began = performance.now();
      await producer.send(next(1));
      times.push(performance.now() - began);
    }
    return times.length;
  }, seconds);
  await producer.close();
  const read = await measureReading(client, topic, count);
  const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
  return { written, latency: latencyOf(times), read, memory };
}

/** From the first message on: joining a group takes seconds, and none of them are the client's. */
async function measureReading(
  client: ClientUnderTest,
  topic: string,
  messages: number,
): Promise<Speed["read"]> {
  let seen = 0;
  let start: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | undefined;
  let seenAtStart = 0;
  const reader = await client.read(topic, `read-${topic}`, (count) => {
    seen += count;
    if (start !== undefined) return;
    start = { at: performance.now(), cpu: process.cpuUsage() };
    seenAtStart = seen;
  });
  const deadline = performance.now() + patienceMs;
  while (seen < messages && performance.now() < deadline) await sleep(5);
  if (start === undefined) throw new Error(`nothing was read of ${messages} messages`);
  const figures = figuresOf(seen - seenAtStart, start);
  await reader.close();
  return figures;
}

async function rate(work: (deadline: number) => Promise<number>, seconds: number): Promise<Speed["written"]> {
  const start = { at: performance.now(), cpu: process.cpuUsage() };
  return figuresOf(await work(start.at + seconds * 1000), start);
}

function figuresOf(
  messages: number,
  { at, cpu }: { readonly at: number; readonly cpu: NodeJS.CpuUsage },
): Speed["written"] {
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: (messages / (performance.now() - at)) * 1000,
    cpu: (user + system) / messages,
  };
}
