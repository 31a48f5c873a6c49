import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchOptions } from "./options";
import { machine } from "./report/machine";
import { writePart } from "./report/page-part";
import { table } from "./report/table";
import { writeCopies } from "./shipped-copies";
import { growthExponent } from "./stack/stack-figures";

/*
 * How long `make validate` takes, from the start of the program to its end, for copies of the pipelines that are shipped.
 * The median and the slowest of some runs, and how the median grows.
 */

/** Numbers of pipelines, and how often each is measured; 300 have about 1,000 documents. */
const sizes = [
  { pipelines: 30, runs: 5 },
  { pipelines: 300, runs: 5 },
  { pipelines: 3_000, runs: 1 },
  { pipelines: 10_000, runs: 1 },
] as const;

const project = join(__dirname, "..");

/** Wall time in seconds, and the end of what the command printed: how much there is of what. */
function measure(folder: string): { readonly seconds: number; readonly counted: string } {
  const command = ["--import", "tsx", "pipelines/commands/validate.ts", folder];
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: project, encoding: "utf8" });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`make validate failed:\n${stdout}${stderr}`);
  const counted = stdout.trim().split("\n").at(-1) ?? "";
  return { seconds, counted: counted.replace(": no errors", "") };
}

/** Measures how long `make validate` takes, prints the figures, and writes them into the documentation. */
export async function benchValidate({ isWritten }: Pick<BenchOptions, "isWritten">): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "algorun-bench-"));
  const medians: (readonly [size: number, seconds: number])[] = [];
  const rows: (readonly string[])[] = [];
  try {
    for (const { pipelines, runs } of sizes) {
      const folder = join(root, String(pipelines));
      mkdirSync(folder);
      writeCopies(folder, pipelines);
      const measured = Array.from({ length: runs }, () => measure(folder));
      const times = measured.map(({ seconds }) => seconds).sort((a, b) => a - b);
      const [median = 0, slowest = 0] = [times[Math.floor(runs / 2)], times.at(-1)];
      medians.push([pipelines, median]);
      const row = [
        measured[0]?.counted ?? "",
        `${median.toFixed(2)} s`,
        `${slowest.toFixed(2)} s`,
        `${runs}`,
      ];
      console.log(row.join(", "));
      rows.push(row);
    }
  } finally {
    rmSync(root, { recursive: true });
  }
  const figures = table(["", "median", "slowest", "of"], rows);
  const growth = `It grows with the power of ${growthExponent(medians)?.toFixed(2) ?? "–"}.`;
  const text = `Measured on ${machine()}.\n\n${figures}\n\n${growth}`;
  console.log(`\n${text}\n`);
  if (isWritten) await writePart({ page: "performance.md", command: "make bench BENCH=validate" }, text);
}
