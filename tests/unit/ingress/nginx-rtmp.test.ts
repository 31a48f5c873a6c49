import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { NginxRtmp, type NginxRtmpArgs } from "../../../components/ingress/nginx-rtmp";
import { streamKey } from "../../../components/ingress/stream-key";
import { deploy, settle, type Deployed } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { theManifest } from "../../harness/manifests";

async function streams(args: Partial<NginxRtmpArgs> = {}): Promise<Deployed<NginxRtmp>> {
  return deploy(() => new NginxRtmp("streams", { namespace: "platform", ...args }));
}

const service = z.looseObject({
  spec: z.looseObject({ type: z.string(), ports: z.array(z.looseObject({ name: z.string() })) }),
});

describe("Nginx RTMP", () => {
  it("runs a single hardened pod, where a stream is found by all", async () => {
    const { resources } = await streams();
    assertHardened(resources);
    const replicas = z.looseObject({ spec: z.looseObject({ replicas: z.literal(1) }) });
    theManifest(resources, "Deployment", "streams", replicas);
  });

  it("offers publishing to the world and playing to the cluster", async () => {
    const { resources, result } = await streams();
    const edge = theManifest(resources, "Service", "streams-edge", service);
    assert.deepEqual(
      [edge.spec.type, ...edge.spec.ports.map(({ name }) => name)],
      ["LoadBalancer", "publish"],
    );
    const inside = theManifest(resources, "Service", "streams", service);
    assert.deepEqual([inside.spec.type, ...inside.spec.ports.map(({ name }) => name)], ["ClusterIP", "play"]);
    assert.equal(await settle(result.publishAddress), "rtmp://192.0.2.1:1935/live");
    assert.equal(await settle(result.internalAddress), "rtmp://streams.platform.svc:1936/live");
    assert.deepEqual(result.address.ports, [1936]);
  });

  it("admits players from pipelines alone, and publishers from anywhere", async () => {
    const policy = z.looseObject({
      spec: z.looseObject({
        ingress: z.array(
          z.looseObject({
            from: z.unknown().optional(),
            ports: z.array(z.looseObject({ port: z.number() })),
          }),
        ),
      }),
    });
    const { spec } = theManifest((await streams()).resources, "NetworkPolicy", "streams", policy);
    const from = new Map(spec.ingress.map((rule) => [rule.ports[0]?.port, rule.from]));
    assert.ok(from.has(1935));
    assert.equal(from.get(1935), undefined);
    assert.deepEqual(from.get(1936), [
      { namespaceSelector: { matchLabels: { "app.kubernetes.io/part-of": "algo.run" } } },
    ]);
  });

  it("gives each stream keys that its own secret makes, and that nobody else sees", async () => {
    const { result, resources } = await streams();
    const secret = "streams-stream-keys-result";
    for (const right of ["publish", "play"] as const) {
      const of = { right, stream: "acme.yard.gate" };
      assert.equal(await settle(result.streamKey(of)), streamKey(secret, of));
      assert.equal(await pulumi.isSecret(result.streamKey(of)), true);
    }
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(secret));
    assert.deepEqual(
      holders.map(({ name, secrets }) => [name, secrets]),
      [["streams-secret", ["stringData"]]],
    );
  });

  it("makes new keys when it is told so, and lets the former ones work until it is told otherwise", async () => {
    const files = async (args: Partial<NginxRtmpArgs>): Promise<Readonly<Record<string, unknown>>> =>
      theManifest(
        (await streams(args)).resources,
        "Secret",
        "streams-secret",
        z.looseObject({ stringData: z.record(z.string(), z.string()) }),
      ).stringData;
    const first = "streams-stream-keys-result";
    const second = "streams-stream-keys@2-result";
    assert.deepEqual(await files({ hostname: "media.example.org" }), { secret: first });
    const both = { secret: second, "previous-secret": first };
    assert.deepEqual(await files({ generation: { inUse: 2, previous: 1 } }), both);
    assert.deepEqual(await files({ generation: { inUse: 2 } }), { secret: second });
  });

  it("is published to by the name that it was given", async () => {
    const { result } = await streams({ hostname: "media.example.org" });
    assert.equal(await settle(result.publishAddress), "rtmp://media.example.org:1935/live");
  });
});
