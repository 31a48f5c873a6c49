import assert from "node:assert/strict";
import { z } from "zod";
import { mappingSchema } from "../../../components/ingress/mapping-definition";
import { Pipeline } from "../../../components/pipeline/pipeline";
import { targetsFirst } from "../../../pipelines/plan-documents";
import { definitionFaults } from "../../harness/definition-faults";
import { deploy, type RegisteredResource } from "../../harness/deploy";
import { plansOf } from "../../model/rollouts-under-test";
import { ofType, theOne } from "./pipeline-under-test";
import { platformUnderTest } from "./platform-under-test";

const paths = "{ name: texts, contentType: text/plain }, { name: calls, endpointType: gRPC }";
const rollout = `routing: { circuitBreakers: { maxRequests: 9 }, connectTimeoutSeconds: 1, loadBalancing: { policy: least_request } },
    rateLimits: [{ by: apiKey, requests: 9, unit: day }],
    rollout: {
      canary: [{ deployment: acme.new, steps: [10, 50], step: 1 }],
      shadow: { deployment: acme.shadow, weight: 20 },
      headers: [{ deployment: acme.new, name: x-version, value: v2 }] }`;

const mapping = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ service: z.string() }),
});

describe("the Mappings of a rollout", () => {
  let resources: readonly RegisteredResource[] = [];
  let mappings: Readonly<Record<string, z.infer<typeof mapping>["spec"]>> = {};

  before(async () => {
    const plans = plansOf([
      { name: "new", paths },
      { name: "old", paths, endpoint: rollout },
      { name: "shadow", paths },
    ]);
    const deployed = await deploy(() => {
      const platform = platformUnderTest();
      targetsFirst<Pipeline>(Object.values(plans), (plan, rolloutTargets) => {
        const args = { plan, platform, podDefaults: {}, rolloutTargets, retainData: true };
        return new Pipeline(plan.name, args);
      });
    });
    resources = deployed.resources;
    const parsed = ofType(resources, ":Mapping").filter(({ name }) => name.startsWith("acme-old"));
    mappings = Object.fromEntries(
      parsed.map(({ inputs }) => mapping.parse(inputs)).map(({ metadata, spec }) => [metadata.name, spec]),
    );
  });

  it("lead from the old deployment's route to the services of others, one for each protocol", () => {
    const seen = Object.entries(mappings).map(([name, { service, weight, shadow, headers, rewrite }]) => {
      return [name, service, weight, shadow, headers, rewrite];
    });
    const call = { "x-algorun-deployment": "acme.old" };
    const version = { "x-version": "v2" };
    const [old, young, shadowed] = ["old", "new", "shadow"].map((name) => `endpoint.algorun-acme-${name}`);
    assert.deepEqual(seen.sort(), [
      ["endpoint-grpc", `${old}:18282`, undefined, undefined, call, ""],
      ["endpoint-grpc-canary-acme-new", `${young}:18282`, 10, undefined, call, ""],
      [
        "endpoint-grpc-header-3dc3983c-acme-new",
        `${young}:18282`,
        undefined,
        undefined,
        { ...call, ...version },
        "",
      ],
      ["endpoint-grpc-shadow-acme-shadow", `${shadowed}:18282`, 20, true, call, ""],
      ["endpoint-http", `${old}:18080`, undefined, undefined, undefined, "/acme/old/"],
      ["endpoint-http-canary-acme-new", `${young}:18080`, 10, undefined, undefined, "/acme/new/"],
      [
        "endpoint-http-header-3dc3983c-acme-new",
        `${young}:18080`,
        undefined,
        undefined,
        version,
        "/acme/new/",
      ],
      ["endpoint-http-shadow-acme-shadow", `${shadowed}:18080`, 20, true, undefined, "/acme/old/"],
    ]);
  });

  it("fit Emissary's own definition", () => {
    for (const spec of Object.values(mappings)) assert.deepEqual(definitionFaults(mappingSchema, spec), []);
  });

  it("agree on all that Emissary wants alike in Mappings that share requests", () => {
    const alike = ["labels", "circuit_breakers", "connect_timeout_ms", "load_balancer", "hostname", "prefix"];
    for (const protocol of ["grpc", "http"]) {
      const own = mappings[`endpoint-${protocol}`];
      for (const [name, spec] of Object.entries(mappings)) {
        if (!name.startsWith(`endpoint-${protocol}`)) continue;
        for (const field of alike) assert.deepEqual(spec[field], own?.[field], `${field} of ${name}`);
        assert.ok(spec["circuit_breakers"] && spec["labels"]);
      }
    }
  });

  it("wait for the pods that they lead to, which the deployment's own route does not", () => {
    const pods = ["new", "shadow"].map(
      (name) => theOne(resources, "apps/v1:StatefulSet", `acme-${name}-endpoint`).urn,
    );
    const waited = (name: string): readonly string[] =>
      pods.filter((urn) => theOne(resources, ":Mapping", name).dependencies.includes(urn));
    assert.deepEqual(waited("acme-old-http-canary-acme-new"), pods);
    assert.deepEqual(waited("acme-old-http"), []);
  });
});
