import { table } from "../local/table";
import type { PathAccount } from "./delivery-account";
import type { TopicCount } from "./topic-watch";

/** What a topic is for. */
export type TopicPurpose = "" | "retry" | "dead letters";

/**
 * The table of topics, as lines. Numbers come first: names are long, and terminals are narrow.
 *
 * @param purposeOf - what a topic is for, besides carrying messages from one to the next
 */
export function topicTable(
  counts: readonly TopicCount[],
  purposeOf: (topic: string) => TopicPurpose,
): readonly string[] {
  const rows = counts.map(({ topic, messages, rate, lag }) => [
    String(messages),
    `${rate.toFixed(1)}/s`,
    purposeOf(topic),
    topic,
    Object.entries(lag)
      .map(([group, waiting]) => `${waiting} ${group.split(".").at(-1) ?? group}`)
      .join(", "),
  ]);
  return table([["MESSAGES", "RATE", "KIND", "TOPIC", "LAG"], ...rows]);
}

/** What became of what was sent, as lines. */
export function accountTable(accounts: readonly PathAccount[]): readonly string[] {
  const rows = accounts.map(({ path, sent, expected, delivered, deadLetters, doubled, lost }) =>
    [path, sent, expected, delivered, deadLetters, doubled, lost].map(String),
  );
  return table([
    ["PATH", "SENT", "DELIVERIES DUE", "DELIVERED", "DEAD LETTERS", "DOUBLED", "MISSING"],
    ...rows,
  ]);
}
