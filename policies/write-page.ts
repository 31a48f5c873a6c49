import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { policiesPage } from "./page";

async function main(): Promise<void> {
  const file = join(__dirname, "..", "docs", "policies.md");
  writeFileSync(file, await format(policiesPage(), { parser: "markdown" }));
  console.log("wrote docs/policies.md");
}

void main();
