import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchemas } from "../model/document/json-schema";

for (const [name, text] of Object.entries(jsonSchemas())) {
  writeFileSync(join(__dirname, name), text);
  console.log(`wrote pipelines/schema/${name}`);
}
