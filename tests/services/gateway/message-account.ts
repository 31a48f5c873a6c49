import assert from "node:assert/strict";
import { recordFault, type FaultRecord } from "../../harness/fault-records";
import type { ConsumedMessage } from "../test-kafka";

/** What became of messages: those that their senders were told are safe, and those that are in Kafka. */
export type MessageAccount = Pick<FaultRecord, "sent" | "delivered" | "doubled" | "lost">;

/** Compares what is safe with what has arrived; what has arrived beside it nobody was told of, and it counts for nothing. */
export function accountOf(safe: readonly string[], arrived: readonly ConsumedMessage[]): MessageAccount {
  const times = new Map<string, number>();
  for (const { value } of arrived) times.set(value, (times.get(value) ?? 0) + 1);
  const delivered = safe.filter((value) => times.has(value)).length;
  return {
    sent: safe.length,
    delivered,
    doubled: safe.filter((value) => (times.get(value) ?? 0) > 1).length,
    lost: safe.length - delivered,
  };
}

/** Records what came of a fault, and fails when a message is lost, or doubled under another id. */
export async function expectNoneLost(
  fault: Pick<FaultRecord, "fault" | "tries" | "note">,
  safe: readonly string[],
  arrived: readonly ConsumedMessage[],
): Promise<MessageAccount> {
  const account = accountOf(safe, arrived);
  await recordFault({ ...fault, ...account });
  assert.equal(account.lost, 0);
  // The same message twice has the same id, so that those behind can tell.
  const ids = new Set(arrived.map(({ headers }) => headers["messageID"]));
  assert.equal(ids.size, new Set(arrived.map(({ value }) => value)).size);
  return account;
}
