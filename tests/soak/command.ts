import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { faultTable } from "../harness/fault-records";

/** Tests of faults: those that record what came of each. */
function faultTests(): readonly string[] {
  return readdirSync("tests", { recursive: true, encoding: "utf8" })
    .map((file) => join("tests", file))
    .filter(
      (file) => file.endsWith(".test.ts") && readFileSync(file, "utf8").includes("harness/fault-records"),
    )
    .toSorted();
}

/**
 * Runs the tests of faults in their long forms, those whose files are named or all, and prints the table of what came
 * of each. Exits like mocha.
 */
async function soak(files: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "algorun-soak-"));
  try {
    const records = join(folder, "records.jsonl");
    writeFileSync(records, "");
    // Mocha gets an interrupt from the keyboard, too, and ends: what has been found until then is shown.
    process.on("SIGINT", () => undefined);
    const { status } = spawnSync(
      "npx",
      [
        "mocha",
        "--parallel",
        "--jobs",
        "2",
        "--require",
        "tests/harness/tools.ts",
        "--require",
        "tests/soak/told-failures.ts",
        // What a test leaves that has failed would keep the table from being printed.
        "--exit",
        ...(files.length > 0 ? files : faultTests()),
      ],
      {
        stdio: "inherit",
        env: { ...process.env, ALGORUN_SOAK: "true", ALGORUN_FAULT_RECORDS: records },
      },
    );
    console.log(`\n${await faultTable(records)}`);
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void soak(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
