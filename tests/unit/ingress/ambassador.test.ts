import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { Ambassador } from "../../../components/ingress/ambassador";
import type { AmbassadorArgs } from "../../../components/ingress/ambassador-args";
import { Mapping } from "../../../components/ingress/mapping";
import { anywhere, podsOf } from "../../../components/workload/network-policy";
import { deploy, settle, type Deployed } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { manifests, theManifest } from "../../harness/manifests";
import { podTemplates } from "../../harness/pod-templates";

const password = "open-sesame";

const rateLimit: NonNullable<AmbassadorArgs["rateLimit"]> = {
  redis: {
    endpoint: pulumi.output("redis.platform.svc:6379"),
    username: undefined,
    password: pulumi.secret(password),
    tls: false,
    authority: undefined,
    address: { peers: [podsOf("redis")], ports: [6379] },
  },
};

const tls = { certificate: "CERTIFICATE", privateKey: "PRIVATE KEY" };

async function edge(args: Partial<AmbassadorArgs> = {}): Promise<Deployed<Ambassador>> {
  return deploy(() => new Ambassador("edge", { namespace: "platform", ...args }));
}

const withSpec = z.looseObject({ spec: z.looseObject({}) });
const servicePorts = z.looseObject({
  spec: z.looseObject({ type: z.string(), ports: z.array(z.looseObject({ port: z.number() })) }),
});
const policySchema = z.looseObject({
  spec: z.looseObject({
    ingress: z.array(
      z.looseObject({
        from: z.array(z.unknown()).optional(),
        ports: z.array(z.looseObject({ port: z.number() })),
      }),
    ),
  }),
});

describe("Ambassador", () => {
  it("runs hardened pods, and so does its rate-limit service", async () => {
    assertHardened((await edge({ rateLimit, tls })).resources);
  });

  it("serves requests in clear when it has no certificate", async () => {
    const { resources, result } = await edge();
    const host = theManifest(resources, "Host", "edge", withSpec);
    assert.deepEqual(host.spec["requestPolicy"], { insecure: { action: "Route" } });
    assert.equal(host.spec["tlsSecret"], undefined);
    const service = theManifest(resources, "Service", "edge-edge", servicePorts);
    assert.deepEqual(
      service.spec.ports.map(({ port }) => port),
      [80],
    );
    assert.equal(await settle(result.httpAddress), "http://192.0.2.1");
    assert.equal(await settle(result.grpcAddress), "192.0.2.1:80");
  });

  it("redirects to TLS when it has a certificate, whose key is in a Secret alone", async () => {
    const { resources, result } = await edge({ tls, hostname: "run.example.org" });
    const host = theManifest(resources, "Host", "edge", withSpec);
    assert.deepEqual(host.spec["requestPolicy"], { insecure: { action: "Redirect" } });
    assert.deepEqual(host.spec["tlsSecret"], { name: "edge-tls" });
    const service = theManifest(resources, "Service", "edge-edge", servicePorts);
    assert.deepEqual(
      service.spec.ports.map(({ port }) => port),
      [80, 443],
    );
    assert.equal(await settle(result.httpAddress), "https://run.example.org");
    assert.equal(await settle(result.grpcAddress), "run.example.org:443");
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(tls.privateKey));
    assert.deepEqual(
      holders.map(({ name, secrets }) => [name, secrets]),
      [["edge-tls", ["stringData"]]],
    );
  });

  it("listens on every port that its Service offers to the world", async () => {
    const { resources } = await edge({ tls });
    const listeners = manifests(resources).filter(({ kind }) => kind === "Listener");
    const ports = listeners.map((listener) => withSpec.parse(listener).spec["port"]);
    assert.deepEqual(ports.sort(), [8080, 8443]);
  });

  it("learns the addresses of its clients, by which their requests are counted", async () => {
    const service = theManifest((await edge()).resources, "Service", "edge-edge", withSpec);
    assert.equal(service.spec["externalTrafficPolicy"], "Local");
  });

  it("says which version runs, also when that is not the pinned one", async () => {
    const image = "registry.example:5000/emissary:9.9.9@sha256:" + "0".repeat(64);
    const { resources } = await edge({ image });
    const [pod] = podTemplates(resources);
    assert.equal(pod?.template.spec.containers[0]?.image, image);
    assert.equal(pod.template.metadata.labels["app.kubernetes.io/version"], "9.9.9");
  });

  it("is called by its name inside the cluster when no load balancer was asked for", async () => {
    const { result } = await edge({ service: { type: "ClusterIP" } });
    assert.equal(await settle(result.httpAddress), "http://edge-edge.platform.svc");
  });

  it("is called by its load balancer when it answers for many host names", async () => {
    const { result } = await edge({ hostname: "*.example.org" });
    assert.deepEqual([result.hostname, result.tls], ["*.example.org", false]);
    assert.equal(await settle(result.httpAddress), "http://192.0.2.1");
  });

  it("defines every kind that it watches, unless the cluster does", async () => {
    const definitions = async (args: Partial<AmbassadorArgs>): Promise<string[]> =>
      manifests((await edge(args)).resources)
        .filter(({ kind }) => kind === "CustomResourceDefinition")
        .map(({ metadata }) => metadata.name ?? "");
    const names = await definitions({});
    assert.equal(names.length, 14);
    assert.ok(names.includes("mappings.getambassador.io"));
    assert.deepEqual(await definitions({ definitions: "existing" }), []);
  });

  it("may read the cluster and write nothing but the status of its own kinds", async () => {
    const role = z.looseObject({
      rules: z.array(
        z.object({
          apiGroups: z.array(z.string()),
          resources: z.array(z.string()),
          verbs: z.array(z.string()),
        }),
      ),
    });
    const { rules } = theManifest((await edge()).resources, "ClusterRole", "platform-edge", role);
    const writing = rules.filter(({ verbs }) =>
      verbs.some((verb) => !["get", "list", "watch"].includes(verb)),
    );
    assert.deepEqual(writing, [
      { apiGroups: ["getambassador.io"], resources: ["*/status"], verbs: ["patch", "update"] },
    ]);
  });

  it("lets the world in at the routes, and Prometheus alone at its own pages", async () => {
    const peers = [podsOf("prometheus")];
    const observability = {
      scrapeAnnotations: (port: number, path: string) => ({ scrape: `${port}${path}` }),
      address: { peers, ports: [] },
    };
    const open = theManifest(
      (await edge({ observability })).resources,
      "NetworkPolicy",
      "edge",
      policySchema,
    );
    assert.deepEqual(
      open.spec.ingress.map(({ from, ports }) => [ports[0]?.port, from]),
      [
        [8080, undefined],
        [8877, peers],
      ],
    );
    const closed = theManifest((await edge()).resources, "NetworkPolicy", "edge", policySchema);
    assert.deepEqual(
      closed.spec.ingress.map(({ ports }) => ports[0]?.port),
      [8080],
    );
  });

  it("keeps its list of routes from the world", async () => {
    const module = theManifest((await edge()).resources, "Module", "ambassador", withSpec);
    assert.deepEqual(module.spec["config"], { diagnostics: { enabled: false }, envoy_log_type: "json" });
  });

  it("asks for rate limits only where there is a Redis, in the protocol that it accepts", async () => {
    const { resources } = await edge({ rateLimit });
    const { spec } = theManifest(resources, "RateLimitService", "edge", withSpec);
    assert.equal(spec["service"], "edge-ratelimit.platform:8081");
    assert.equal(spec["protocol_version"], "v3");
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(password));
    assert.deepEqual(
      holders.map(({ type }) => type),
      ["kubernetes:core/v1:Secret"],
    );
    const without = manifests((await edge()).resources).map(({ kind }) => kind);
    assert.ok(!without.includes("RateLimitService"));
  });
});

describe("a Mapping", () => {
  it("is a resource of the version that needs no conversion", async () => {
    const { resources } = await deploy(
      () =>
        new Mapping("orders", {
          metadata: { name: "orders", namespace: "shop" },
          spec: { hostname: "*", prefix: "/run/", rewrite: "", service: pulumi.output("orders.shop:18080") },
        }),
    );
    const mapping = theManifest(resources, "Mapping", "orders", withSpec);
    assert.equal(mapping.apiVersion, "getambassador.io/v3alpha1");
    assert.deepEqual(mapping.spec, {
      hostname: "*",
      prefix: "/run/",
      rewrite: "",
      service: "orders.shop:18080",
    });
  });
});

describe("a network policy", () => {
  it("never names everybody by naming nobody", async () => {
    const { resources } = await edge({ upstreams: [{ peers: [], ports: [80] }], observability: undefined });
    const rules = z.array(z.looseObject({ to: z.array(z.unknown()).min(1) }));
    const policy = theManifest(resources, "NetworkPolicy", "edge", withSpec);
    const egress = rules.parse(policy.spec["egress"]);
    assert.deepEqual(egress.at(-1)?.to, anywhere);
    assert.equal(egress.length, 2);
  });
});
