import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCopies } from "./shipped-copies";
import { growthExponent } from "./stack/stack-figures";

/*
 * How long `make validate` takes, from the start of the program to its end, for copies of the pipelines that are shipped.
 * Prints the median and the slowest of some runs, and how the median grows.
 */

/** Numbers of pipelines, and how often each is measured; 300 have about 1,000 documents. */
const sizes = [
  { pipelines: 30, runs: 5 },
  { pipelines: 300, runs: 5 },
  { pipelines: 3_000, runs: 1 },
  { pipelines: 10_000, runs: 1 },
] as const;

const project = join(__dirname, "..");

/** Wall time in seconds, and what the command printed. */
function measure(folder: string): { readonly seconds: number; readonly output: string } {
  const command = ["--import", "tsx", "pipelines/commands/validate.ts", folder];
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: project, encoding: "utf8" });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`make validate failed:\n${stdout}${stderr}`);
  return { seconds, output: stdout.trim() };
}

/** Prints how long `make validate` takes. */
export function benchValidate(): void {
  const root = mkdtempSync(join(tmpdir(), "algorun-bench-"));
  const medians: (readonly [size: number, seconds: number])[] = [];
  try {
    for (const { pipelines, runs } of sizes) {
      const folder = join(root, String(pipelines));
      mkdirSync(folder);
      writeCopies(folder, pipelines);
      const measured = Array.from({ length: runs }, () => measure(folder));
      const times = measured.map(({ seconds }) => seconds).sort((a, b) => a - b);
      const median = times[Math.floor(runs / 2)] ?? 0;
      medians.push([pipelines, median]);
      console.log(
        `${pipelines} pipelines: ${median.toFixed(2)} s (slowest of ${runs}: ${(times.at(-1) ?? 0).toFixed(2)} s); ${measured[0]?.output.split("\n").at(-1) ?? ""}`,
      );
    }
    console.log(`It grows with the power of ${growthExponent(medians)?.toFixed(2) ?? "–"}.`);
  } finally {
    rmSync(root, { recursive: true });
  }
}
