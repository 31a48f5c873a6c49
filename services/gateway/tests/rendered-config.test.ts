import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { z } from "zod";
import { gatewayConfigSchema } from "../configuration/gateway-config";

const folder = "tests/golden/examples";
const configMap = z.object({
  kind: z.literal("ConfigMap"),
  metadata: z.object({ name: z.literal("endpoint-config") }),
  data: z.object({ "config.json": z.string() }),
});

describe("The configuration that the program renders", () => {
  for (const file of readdirSync(folder)) {
    it(`is what the gateway reads: ${file}`, () => {
      const objects = loadAll(readFileSync(join(folder, file), "utf8"));
      const configs = objects.flatMap((object) => configMap.safeParse(object).data ?? []);
      if (file !== "bazaar-order-rating.yaml") assert.equal(configs.length, 1);
      for (const { data } of configs) {
        const config = gatewayConfigSchema.parse(JSON.parse(data["config.json"]));
        assert.ok(config.producer.wal.max_bytes !== undefined && config.producer.wal.max_bytes >= 2 ** 30);
        assert.ok(config.paths.every(({ topic }) => topic.startsWith("algorun.")));
      }
    });
  }
});
