import assert from "node:assert/strict";
import { z } from "zod";
import { mappingSchema } from "../../../components/ingress/mapping-definition";
import { definitionFaults } from "../../harness/definition-faults";
import { settle, type RegisteredResource } from "../../harness/deploy";
import { theManifest } from "../../harness/manifests";
import { deployPlans, resourcesOf } from "./pipeline-under-test";
import { planUnderTest, type PipelineUnderTest } from "./plans-under-test";

const mapping = z.looseObject({ spec: z.looseObject({}) });

/** The HTTP Mapping of a pipeline with something to say of its endpoint; it fits Emissary's own definition. */
async function httpMapping(endpoint: string, name = "endpoint-http"): Promise<Record<string, unknown>> {
  const resources = await resourcesOf({ algos: [{ name: "solo" }], endpoint });
  return specOf(resources, name);
}

function specOf(resources: readonly RegisteredResource[], name: string): Record<string, unknown> {
  const { spec } = theManifest(resources, "Mapping", name, mapping);
  assert.deepEqual(definitionFaults(mappingSchema, spec), []);
  return spec;
}

describe("the definition of Mappings", () => {
  const sound = { prefix: "/", service: "shop" };

  it("knows no field that Emissary doesn't", () => {
    assert.deepEqual(definitionFaults(mappingSchema, sound), []);
    assert.deepEqual(definitionFaults(mappingSchema, { ...sound, timeout: 3 }), ["spec.timeout: unknown"]);
    assert.deepEqual(
      definitionFaults(mappingSchema, { ...sound, retry_policy: { retry_on: "5xx", retries: 3 } }),
      ["spec.retry_policy.retries: unknown"],
    );
  });

  it("takes each value only as Emissary does", () => {
    const wrong = {
      weight: 101,
      timeout_ms: "3s",
      load_balancer: { header: "x-user" },
      circuit_breakers: [{ priority: "low" }],
      labels: { ambassador: [{ a: [{ remote_address: { key: "address" } }], b: [] }] },
    };
    assert.deepEqual(definitionFaults(mappingSchema, { ...sound, ...wrong }), [
      "spec.weight: out of bounds",
      "spec.timeout_ms: no integer",
      "spec.load_balancer.policy: missing",
      "spec.circuit_breakers[0].priority: not in the enumeration",
      "spec.labels.ambassador[0]: wrong number",
      "spec.labels.ambassador[0].a[0].remote_address.key: not in the enumeration",
    ]);
  });
});

describe("a Mapping of a pipeline", () => {
  it("has the times that the document grants, in milliseconds", async () => {
    const spec = await httpMapping(
      "routing: { timeoutSeconds: 900, idleTimeoutSeconds: 0, connectTimeoutSeconds: 0.25 }",
    );
    assert.deepEqual(
      [spec["timeout_ms"], spec["idle_timeout_ms"], spec["connect_timeout_ms"]],
      [900_000, 0, 250],
    );
  });

  it("sends failed requests again as the document says", async () => {
    const spec = await httpMapping(
      "routing: { retries: { retryOn: gateway-error, attempts: 3, perTryTimeoutSeconds: 2.5 } }",
    );
    assert.deepEqual(spec["retry_policy"], {
      retry_on: "gateway-error",
      num_retries: 3,
      per_try_timeout: "2.5s",
    });
  });

  it("bounds what is under way, and leaves to Envoy what is not stated", async () => {
    const spec = await httpMapping("routing: { circuitBreakers: { maxRequests: 20, maxRetries: 0 } }");
    assert.deepEqual(spec["circuit_breakers"], [{ priority: "default", max_requests: 20, max_retries: 0 }]);
  });

  it("lets scripts of the origins in", async () => {
    const spec = await httpMapping(
      "routing: { cors: { origins: ['https://shop.example'], methods: [POST], headers: [X-API-Key], credentials: true, maxAgeSeconds: 600 } }",
    );
    assert.deepEqual(spec["cors"], {
      origins: ["https://shop.example"],
      methods: ["POST"],
      headers: ["x-api-key"],
      credentials: true,
      max_age: "600",
    });
  });

  it("chooses pods one by one for every policy, since the Service would choose for it", async () => {
    const chosen = async (loadBalancing: string): Promise<unknown> => {
      const { resolver, load_balancer } = await httpMapping(`routing: { loadBalancing: ${loadBalancing} }`);
      assert.equal(resolver, "endpoint");
      return load_balancer;
    };
    assert.deepEqual(await chosen("{ policy: least_request }"), { policy: "least_request" });
    assert.deepEqual(await chosen("{ policy: ring_hash, header: X-User }"), {
      policy: "ring_hash",
      header: "x-user",
    });
    assert.deepEqual(await chosen("{ policy: maglev, sourceAddress: true }"), {
      policy: "maglev",
      source_ip: true,
    });
    assert.deepEqual(
      await chosen("{ policy: ring_hash, cookie: { name: pod, path: /, maxAgeSeconds: 60 } }"),
      { policy: "ring_hash", cookie: { name: "pod", path: "/", ttl: "60s" } },
    );
  });

  it("says nothing of what the document leaves to the edge", async () => {
    assert.deepEqual(Object.keys(await httpMapping("replicas: 1")).sort(), [
      "hostname",
      "labels",
      "prefix",
      "rewrite",
      "service",
      "timeout_ms",
    ]);
  });

  it("answers at the deployment's own host name, and the pipeline says so", async () => {
    const pipeline: PipelineUnderTest = {
      algos: [{ name: "solo" }],
      endpoint: "routing: { hostnames: [texts.algorun.example], prefix: / }",
    };
    const { result, resources } = await deployPlans([planUnderTest(pipeline)]);
    const name = "endpoint-http-texts-algorun-example-ed5ce723";
    assert.equal(specOf(resources, name)["hostname"], "texts.algorun.example");
    const addresses = await settle(result[0]?.addresses.http ?? {});
    assert.deepEqual(addresses, { texts: "https://texts.algorun.example/texts" });
  });

  it("answers gRPC at a host name without any header", async () => {
    const pipeline: PipelineUnderTest = {
      algos: [{ name: "solo" }],
      path: "endpointType: gRPC",
      endpoint: "routing: { hostnames: [texts.algorun.example] }",
    };
    const { result, resources } = await deployPlans([planUnderTest(pipeline)]);
    const spec = specOf(resources, "endpoint-grpc-texts-algorun-example-ed5ce723");
    assert.deepEqual([spec["grpc"], spec["headers"]], [true, undefined]);
    assert.deepEqual(await settle(result[0]?.addresses.grpc), {
      address: "texts.algorun.example:443",
      headers: {},
      paths: ["texts"],
    });
  });

  it("says by what its requests are counted: address always, and each header with a limit", async () => {
    const { labels } = await httpMapping(
      "rateLimits: [{ by: header, header: X-Tenant, requests: 5, unit: hour }]",
    );
    assert.deepEqual(labels, {
      ambassador: [
        { client: [{ generic_key: { value: "acme.texts" } }, { remote_address: { key: "remote_address" } }] },
        {
          "x-tenant": [
            { generic_key: { value: "acme.texts" } },
            { request_headers: { key: "header:x-tenant", header_name: "x-tenant" } },
          ],
        },
      ],
    });
  });
});
