import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writtenFiles } from "./written-files";

async function main(): Promise<void> {
  for (const [path, content] of Object.entries(await writtenFiles())) {
    writeFileSync(join(__dirname, "..", path), content);
    console.log(`wrote ${path}`);
  }
}

void main();
