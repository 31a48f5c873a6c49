import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { z } from "zod";
import { settle, type RegisteredResource } from "../../harness/deploy";
import { manifests, theManifest } from "../../harness/manifests";
import { podTemplates, type OwnedPodTemplate } from "../../harness/pod-templates";
import { deployPlans, ofType, resourcesOf } from "./pipeline-under-test";
import { planUnderTest, type PipelineUnderTest } from "./plans-under-test";

const solo: PipelineUnderTest = { algos: [{ name: "solo" }] };
const withCallers = { ...solo, endpoint: "authentication: { apiKeys: { callers: [shop, erp] } }" };
const withStream = { ...solo, path: "endpointType: RTMP, messageDataType: FileReference, maxDuration: 8h" };
const signed: PipelineUnderTest = {
  ...solo,
  webHooks: [
    "{ name: crm, pipelineHookInputName: results, webHookUrl: 'https://a.example/', signature: {} }",
    "{ pipelineHookInputName: results, webHookUrl: 'https://b.example/', signature: { secretName: erp, key: whsec }, secretHeaders: { Authorization: { secretName: erp, key: bearer } } }",
  ],
};

const secretSchema = z.looseObject({ stringData: z.record(z.string(), z.string()) });

function secretFiles(
  resources: readonly RegisteredResource[],
  name: string,
): Readonly<Record<string, string>> {
  return theManifest(resources, "Secret", name, secretSchema).stringData;
}

function podOf(resources: readonly RegisteredResource[], workload: string): OwnedPodTemplate["template"] {
  const found = podTemplates(resources).find(({ name }) => name === workload);
  assert.ok(found);
  return found.template;
}

/** What a folder of a pod's only container shows. */
function mountedAt(pod: OwnedPodTemplate["template"], path: string): unknown {
  const mount = pod.spec.containers[0]?.volumeMounts.find(({ mountPath }) => mountPath === path);
  const volume = pod.spec.volumes.find(({ name }) => name === mount?.name);
  return volume?.["secret"];
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

describe("callers of an endpoint", () => {
  it("get keys, of which its pods only know the digests", async () => {
    const { resources, result } = await deployPlans([planUnderTest(withCallers)]);
    const keys = await settle(result[0]?.credentials.apiKeys);
    const [erp, shop] = ["erp", "shop"].map((caller) => `acme-texts-endpoint-api-key-${caller}-result`);
    assert.deepEqual(keys, { erp, shop });
    assert.deepEqual(secretFiles(resources, "endpoint-api-keys"), {
      erp: sha256(erp ?? ""),
      shop: sha256(shop ?? ""),
    });
    assert.doesNotMatch(JSON.stringify(manifests(resources)), /api-key-\w+-result/);
    assert.deepEqual(mountedAt(podOf(resources, "endpoint"), "/etc/algorun/api-keys"), {
      secretName: "endpoint-api-keys",
      defaultMode: 0o440,
    });
  });

  it("keep their keys when another one comes", async () => {
    const keysOf = async (callers: string): Promise<string[]> =>
      ofType(
        await resourcesOf({ ...solo, endpoint: `authentication: { apiKeys: { callers: [${callers}] } }` }),
        ":RandomPassword",
      ).map(({ urn }) => urn);
    const [before, after] = [await keysOf("shop, erp"), await keysOf("audit, erp, shop")];
    assert.deepEqual(
      before.filter((urn) => !after.includes(urn)),
      [],
    );
    assert.equal(after.length, before.length + 1);
  });

  it("are those of a Secret, when the document names one", async () => {
    const endpoint = "authentication: { apiKeys: { secretName: our-callers } }";
    const { resources, result } = await deployPlans([planUnderTest({ ...solo, endpoint })]);
    assert.deepEqual(mountedAt(podOf(resources, "endpoint"), "/etc/algorun/api-keys"), {
      secretName: "our-callers",
      defaultMode: 0o440,
    });
    assert.deepEqual(await settle(result[0]?.credentials.apiKeys), {});
  });

  it("are known by tokens whose issuer the gateway may ask for its keys", async () => {
    const jwt = "{ issuer: i, jwksUri: 'https://id.example:8443/keys', audiences: [a] }";
    const resources = await resourcesOf({ ...solo, endpoint: `authentication: { jwt: ${jwt} }` });
    const policy = z.looseObject({
      spec: z.looseObject({
        egress: z.array(z.looseObject({ ports: z.array(z.looseObject({ port: z.number() })) })),
      }),
    });
    const { spec } = theManifest(resources, "NetworkPolicy", "endpoint", policy);
    assert.deepEqual(
      spec.egress.map(({ ports }) => ports[0]?.port),
      [53, 9092, 8443],
    );
  });
});

describe("a media stream", () => {
  it("is published with one key and played by its endpoint with another", async () => {
    const { resources, result } = await deployPlans([planUnderTest(withStream)]);
    assert.deepEqual(await settle(result[0]?.credentials.streamKeys), {
      texts: "acme.texts.texts?key=to-publish",
    });
    assert.deepEqual(secretFiles(resources, "endpoint-stream-keys"), {
      texts: "acme.texts.texts?key=to-play",
    });
    assert.doesNotMatch(JSON.stringify(manifests(resources)), /to-publish/);
    assert.ok(mountedAt(podOf(resources, "endpoint"), "/etc/algorun/stream-keys"));
    assert.equal(
      await settle(result[0]?.addresses.rtmp["texts"]),
      "rtmp://media.example:1935/live/acme.texts.texts",
    );
  });
});

describe("a receiver of webhooks", () => {
  it("checks signatures by a secret of its own, in the form of Standard Webhooks", async () => {
    const { resources, result } = await deployPlans([planUnderTest(signed)]);
    const made = Buffer.from("acme-texts-hook-signing-crm-result").toString("base64");
    assert.deepEqual(await settle(result[0]?.credentials.signingSecrets), { crm: `whsec_${made}` });
    assert.deepEqual(secretFiles(resources, "hook-signing"), { crm: `whsec_${made}` });
    assert.ok(mountedAt(podOf(resources, "hook"), "/etc/algorun/signing"));
  });

  it("may be given what Secrets of others hold", async () => {
    const resources = await resourcesOf(signed);
    assert.deepEqual(mountedAt(podOf(resources, "hook"), "/etc/algorun/secrets/erp"), {
      secretName: "erp",
      defaultMode: 0o440,
    });
    assert.doesNotMatch(JSON.stringify(secretFiles(resources, "hook-signing")), /erp/);
  });
});

describe("credentials", () => {
  it("are shown to nobody but the engine, which encrypts them", async () => {
    for (const pipeline of [withCallers, withStream, signed]) {
      const { resources } = await deployPlans([planUnderTest(pipeline)]);
      const secrets = resources.filter(
        ({ type, name }) => type.endsWith("core/v1:Secret") && /api-keys|stream-keys|signing$/.test(name),
      );
      assert.equal(secrets.length, 1);
      for (const { secrets: encrypted } of secrets) assert.deepEqual(encrypted, ["stringData"]);
    }
  });
});
