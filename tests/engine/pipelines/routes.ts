import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { deploymentsText, type DeploymentUnderTest } from "../../model/rollouts-under-test";
import type { EngineEnvironment } from "../engine-environment";

const mapping = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.looseObject({ service: z.string() }),
});

const paths = "{ name: texts, contentType: text/plain }, { name: calls, endpointType: gRPC }";

const endpointOfOld = `routing: {
      timeoutSeconds: 20, idleTimeoutSeconds: 5, connectTimeoutSeconds: 1,
      retries: { retryOn: gateway-error, attempts: 2, perTryTimeoutSeconds: 2.5 },
      circuitBreakers: { maxConnections: 9, maxPendingRequests: 8, maxRequests: 7, maxRetries: 6 },
      cors: { origins: ["https://shop.example"], methods: [POST], headers: [x-api-key], exposedHeaders: [x-trace], credentials: true, maxAgeSeconds: 60 },
      loadBalancing: { policy: ring_hash, cookie: { name: pod, path: /, maxAgeSeconds: 60 } } },
    rateLimits: [{ by: apiKey, requests: 9, unit: day }, { by: header, header: x-tenant, requests: 9, unit: hour }],
    rollout: {
      canary: [{ deployment: acme.new, steps: [10, 50], step: 1 }],
      shadow: { deployment: acme.shadow, weight: 20 },
      headers: [{ deployment: acme.new, name: x-version, value: v2 }] }`;

const deployments: readonly DeploymentUnderTest[] = [
  { name: "new", version: "2", paths },
  { name: "old", paths, endpoint: endpointOfOld },
  { name: "shadow", paths },
];

/** Routes on a real API server. */
export function routes(started: () => EngineEnvironment): void {
  describe("routes on a real API server", () => {
    let engine: EngineEnvironment;

    before(async () => {
      engine = started();
      engine.clearDocuments();
      writeFileSync(join(engine.documents, "rollout.yaml"), deploymentsText(deployments));
      await engine.up();
    });

    it("are accepted whole: canary, shadow, header and rate limits, with nothing dropped", async () => {
      const found = await engine.objects(mapping, "mappings.getambassador.io", "-n", "algorun-acme-old");
      assert.deepEqual(found.map(({ metadata }) => metadata.name).sort(), [
        "endpoint-grpc",
        "endpoint-grpc-canary-acme-new",
        "endpoint-grpc-header-3dc3983c-acme-new",
        "endpoint-grpc-shadow-acme-shadow",
        "endpoint-http",
        "endpoint-http-canary-acme-new",
        "endpoint-http-header-3dc3983c-acme-new",
        "endpoint-http-shadow-acme-shadow",
      ]);
      const spec = (name: string): Record<string, unknown> =>
        found.find(({ metadata }) => metadata.name === name)?.spec ?? {};
      const canary = spec("endpoint-http-canary-acme-new");
      assert.deepEqual([canary["service"], canary["weight"]], ["endpoint.algorun-acme-new:18080", 10]);
      const shadow = spec("endpoint-grpc-shadow-acme-shadow");
      assert.deepEqual([shadow["shadow"], shadow["weight"]], [true, 20]);
      assert.deepEqual(spec("endpoint-http-header-3dc3983c-acme-new")["headers"], { "x-version": "v2" });
      const counted = z
        .object({ ambassador: z.array(z.record(z.string(), z.unknown())) })
        .parse(spec("endpoint-http")["labels"]);
      assert.deepEqual(
        counted.ambassador.map((group) => Object.keys(group)[0]),
        ["client", "x-api-key", "x-tenant"],
      );
    });

    it("move on by one number in the document, which changes the canary's weight and nothing else", async () => {
      engine.edit("rollout.yaml", "step: 1", "step: 2");
      const steps = await engine.plannedSteps();
      assert.deepEqual(steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`).sort(), [
        "update acme-old-grpc-canary-acme-new",
        "update acme-old-http-canary-acme-new",
      ]);
      await engine.up();
      await engine.up("--expect-no-changes");
    });

    it("are refused with a field that Emissary does not know, or a value that it does not take", async () => {
      const refusal = async (spec: object): Promise<string> => {
        const file = join(engine.documents, "..", "mapping.json");
        const metadata = { name: "by-hand", namespace: "default" };
        const manifest = { apiVersion: "getambassador.io/v3alpha1", kind: "Mapping", metadata, spec };
        writeFileSync(file, JSON.stringify(manifest));
        return engine.tool("kubectl", "create", "--dry-run=server", "--validate=strict", "-f", file).then(
          () => "accepted",
          (error: unknown) => String(error),
        );
      };
      const sound = { prefix: "/", service: "shop", weight: 10, shadow: true };
      assert.equal(await refusal(sound), "accepted");
      assert.match(await refusal({ ...sound, wieght: 10 }), /unknown field "spec\.wieght"/);
      assert.match(await refusal({ ...sound, weight: 101 }), /spec\.weight: Invalid value: 101/);
      assert.match(
        await refusal({ ...sound, retry_policy: { retry_on: "5xx", retries: 1 } }),
        /unknown field "spec\.retry_policy\.retries"/,
      );
      assert.match(
        await refusal({ ...sound, labels: { ambassador: [{ a: [{ remote_address: { key: "ip" } }] }] } }),
        /Unsupported value: "ip"/,
      );
    });

    it("conflict before anything changes", async () => {
      const clash = deploymentsText([
        { name: "left", endpoint: "routing: { prefix: /same/ }" },
        { name: "right", endpoint: "routing: { prefix: /same/ }" },
      ]);
      writeFileSync(join(engine.documents, "clash.yaml"), clash);
      const { exitCode, output } = await engine.pulumi("preview");
      assert.notEqual(exitCode, 0);
      assert.match(
        output,
        /acme\.right and acme\.left \(.*clash\.yaml:4\) both take the requests to \/same\//,
      );
    });
  });
}
