import type { GatewayParts } from "./gateway";

/** Until the edge has heard that this pod takes nothing more, it still sends requests here. */
const farewellMs = 1_000;
/** Then what was begun is ended: as a rule in a moment. */
const requestsMs = 30_000;
/** Pieces of media streams that are not safe by then are for the pod's successor, which finds them. */
const piecesMs = 10_000;
/** What the log holds is sent as long as Kafka answers; the rest is for the pod's successor, which finds the log. */
const logMs = 12_000;
/** For what is on its way to Kafka to be confirmed, so that it is not sent again. */
const confirmationMs = 5_000;

/** Ends a gateway within the pod's grace period, so that nothing is lost, and nothing is sent twice if Kafka answers. */
export async function drainGateway({
  breaker,
  closers,
  grpc,
  http,
  logger,
  logs,
  media,
  monitoring,
  producer,
  state,
}: GatewayParts): Promise<void> {
  state.draining = true;
  await sleep(farewellMs);
  const streams = media?.stop(piecesMs);
  const ended = await within(requestsMs, Promise.all([http.close(), grpc.close()]));
  if (!ended) {
    logger.warn("some requests took too long to be ended, and were broken off");
    grpc.end();
  }
  const waiting = (await streams) ?? 0;
  if (waiting > 0) logger.warn({ pieces: waiting }, "pieces of media streams stay for the next process");
  await until(logMs, () => logs.messages === 0 || breaker.current === "open");
  await logs.stopReplay();
  await until(confirmationMs, () => producer.pendingBytes === 0);
  await logs.close();
  if (logs.messages > 0)
    logger.warn({ messages: logs.messages }, "messages stay in the write-ahead log for the next process");
  for (const close of closers) await within(1_000, Promise.resolve(close()));
  await monitoring.close();
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether something ended in time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  return await Promise.race([work.then(() => true), sleep(ms).then(() => false)]);
}

async function until(ms: number, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition() && Date.now() < deadline) await sleep(25);
}
