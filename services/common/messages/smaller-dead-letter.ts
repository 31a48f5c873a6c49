import type { OutgoingMessage } from "../kafka/outgoing-message";
import { decodeHeaders, encodeHeaders, type MessageHeaders } from "./message-headers";

/**
 * A dead letter with less in it, for a topic that does not take it as it is: at first without the value, then without the
 * key and the message's own headers. `errorLeftOut` says what is missing; where the message is, `original…` says.
 *
 * @returns undefined when nothing is left but the reason
 */
export function smallerDeadLetter(letter: OutgoingMessage): OutgoingMessage | undefined {
  const headers = decodeHeaders(letter.headers);
  const reason = headers.others.filter(([name]) => isReason(name) && name !== leftOut);
  const own = headers.others.filter(([name]) => !isReason(name));
  if (letter.value.length > 0)
    return without("value", letter, { ...headers, others: [...own, ...reason] }, letter.key);
  const isBare = Object.keys(headers).every((name) => name === "others") && own.length === 0;
  if (letter.key === null && isBare) return undefined;
  return without("value, key, headers", letter, { others: reason }, null);
}

const leftOut = "errorLeftOut";

function isReason(header: string): boolean {
  return header.startsWith("error") || header.startsWith("original");
}

function without(
  what: string,
  { topic }: OutgoingMessage,
  headers: MessageHeaders,
  key: Buffer | null,
): OutgoingMessage {
  const others = [...headers.others, [leftOut, Buffer.from(what)] as const];
  return { topic, key, value: Buffer.alloc(0), headers: encodeHeaders({ ...headers, others }) };
}
