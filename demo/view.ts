import type { PathAccount } from "./delivery-account";
import type { TopicCount } from "./topic-watch";

/** What a topic is for. */
export type TopicPurpose = "" | "retry" | "dead letters";

/** The table of topics, as lines. */
export function topicTable(
  counts: readonly TopicCount[],
  purposeOf: (topic: string) => TopicPurpose,
): readonly string[] {
  const rows = counts.map(({ topic, messages, rate, lag }) => [
    topic,
    String(messages),
    `${rate}/s`,
    Object.entries(lag)
      .map(([group, waiting]) => `${waiting} ${group.split(".").at(-1) ?? group}`)
      .join(", "),
    purposeOf(topic),
  ]);
  return table([["TOPIC", "MESSAGES", "RATE", "LAG", ""], ...rows]);
}

/** What became of what was sent, as lines. */
export function accountTable(accounts: readonly PathAccount[]): readonly string[] {
  const rows = accounts.map(({ path, sent, expected, delivered, doubled, lost }) =>
    [path, sent, expected, delivered, doubled, lost].map(String),
  );
  return table([["PATH", "SENT", "DELIVERIES DUE", "DELIVERED", "DOUBLED", "LOST"], ...rows]);
}

/** Rows in columns. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Shows lines that change: in place on a terminal, one after the other elsewhere. */
export class LiveView {
  private shown = 0;

  constructor(private readonly output: NodeJS.WriteStream) {}

  show(lines: readonly string[]): void {
    // One line up for each that was shown, and what follows is cleared.
    if (this.output.isTTY && this.shown > 0) this.output.write(`\u001b[${this.shown}A\u001b[J`);
    this.output.write(`${lines.join("\n")}\n`);
    this.shown = lines.length;
  }

  /** What comes next stands below. */
  keep(): void {
    this.shown = 0;
  }
}
