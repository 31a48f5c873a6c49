import assert from "node:assert/strict";
import { exampleSettings } from "../harness/example-settings";
import { deployStack } from "../harness/whole-stack";
import { violationsIn } from "./registered";

describe("the examples", function () {
  this.timeout(120_000);

  for (const environment of ["dev", "prod"] as const) {
    it(`keep every rule of ${environment}`, async () => {
      const resources = await deployStack({
        ...exampleSettings,
        environment,
        ambassador: { tlsSecretName: "edge-certificate" },
        kafka: { mode: "cluster", tls: { secretName: "kafka-certificate" } },
      });
      assert.ok(resources.length > 100);
      assert.deepEqual(
        violationsIn(resources, environment).map(({ policy, where }) => `${policy}: ${where}`),
        [],
      );
    });
  }
});
