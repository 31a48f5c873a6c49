import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { acceptedFindings } from "./accepted-findings";
import { lintersPage } from "./page";

async function main(): Promise<void> {
  const file = join(__dirname, "..", "docs", "linters.md");
  writeFileSync(file, await format(lintersPage(acceptedFindings), { parser: "markdown" }));
  console.log("wrote docs/linters.md");
}

void main();
