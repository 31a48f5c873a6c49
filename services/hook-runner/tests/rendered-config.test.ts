import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { z } from "zod";
import { hookConfigSchema } from "../hook-config";

const folder = "tests/golden/examples";
const secret = z.object({
  kind: z.literal("Secret"),
  metadata: z.object({ name: z.literal("hook-config") }),
  stringData: z.object({ "config.json": z.string() }),
});

describe("The hook's configuration that the program renders", () => {
  const rendered = readdirSync(folder).flatMap((file) =>
    loadAll(readFileSync(join(folder, file), "utf8")).flatMap((object) => {
      const { data } = secret.safeParse(object);
      return data === undefined ? [] : [{ file, text: data.stringData["config.json"] }];
    }),
  );

  it("is what the hook reads", () => {
    assert.ok(rendered.length > 2, "examples have hooks");
    for (const { file, text } of rendered) {
      const config = hookConfigSchema.parse(JSON.parse(text));
      assert.ok(config.deadLetterTopic.startsWith("algorun."), file);
    }
  });
});
