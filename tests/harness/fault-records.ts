import { appendFile, readFile } from "node:fs/promises";
import { z } from "zod";

/** Whether the long forms of tests run: `make soak`. */
export const isSoak = process.env.ALGORUN_SOAK === "true";

/** How often, or for how many seconds, a fault is tried: the first in `make test`, the second in `make soak`. */
export function shortOrLong(short: number, long: number): number {
  return isSoak ? long : short;
}

const faultRecord = z.strictObject({
  /** What was done, with what it was done to: "runner killed with SIGKILL". */
  fault: z.string(),
  /** How often it was done. */
  tries: z.number(),
  /** Messages, or objects, that were acknowledged to their sender, or read back from where they were sent to. */
  sent: z.number(),
  /** Those of them that came out. */
  delivered: z.number(),
  /** Those that came out more often than they were sent. */
  doubled: z.number(),
  /** Those that did not come out. */
  lost: z.number(),
  /** What a reader of the table should know. */
  note: z.string().optional(),
});

/** What came of one kind of fault. */
export type FaultRecord = Readonly<z.infer<typeof faultRecord>>;

/** Prints what came of a fault, and adds it to the table of `make soak`. */
export async function recordFault(record: FaultRecord): Promise<void> {
  console.log(`      ${JSON.stringify(record)}`);
  const file = process.env.ALGORUN_FAULT_RECORDS;
  if (file !== undefined) await appendFile(file, `${JSON.stringify(record)}\n`);
}

/** The table of what tests recorded in a file, by the fault's name; several records of a fault are added up. */
export async function faultTable(file: string): Promise<string> {
  const records = new Map<string, FaultRecord>();
  for (const line of (await readFile(file, "utf8")).split("\n")) {
    if (line === "") continue;
    const record = faultRecord.parse(JSON.parse(line));
    const earlier = records.get(record.fault);
    records.set(record.fault, earlier === undefined ? record : sum(earlier, record));
  }
  const rows = [...records.values()]
    .toSorted((one, other) => (one.fault < other.fault ? -1 : 1))
    .map(({ fault, tries, sent, delivered, doubled, lost, note = "" }) =>
      [fault, tries, sent, delivered, doubled, lost, note].join(" | "),
    );
  const head = ["fault", "tries", "sent", "delivered", "doubled", "lost", "note"].join(" | ");
  return [head, "--- | --: | --: | --: | --: | --: | ---", ...rows].map((row) => `| ${row} |`).join("\n");
}

function sum(one: FaultRecord, other: FaultRecord): FaultRecord {
  return {
    ...other,
    tries: one.tries + other.tries,
    sent: one.sent + other.sent,
    delivered: one.delivered + other.delivered,
    doubled: one.doubled + other.doubled,
    lost: one.lost + other.lost,
  };
}
