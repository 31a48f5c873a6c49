import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { coveragePage } from "./page";

async function main(): Promise<void> {
  const file = join(__dirname, "..", "..", "..", "docs", "crd-coverage.md");
  writeFileSync(file, await format(coveragePage(), { parser: "markdown" }));
  console.log("wrote docs/crd-coverage.md");
}

void main();
