import assert from "node:assert/strict";
import { z } from "zod";
import { settle, type RegisteredResource } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { manifests } from "../../harness/manifests";
import { deployPlans, fanOut, ofType, resourcesOf, theOne } from "./pipeline-under-test";
import { componentOf, planUnderTest } from "./plans-under-test";

const aclSchema = z.object({
  aclPrincipal: z.string(),
  aclOperation: z.string(),
  aclPermissionType: z.literal("Allow"),
  aclResourceType: z.string(),
  aclResourceName: z.string(),
  resourcePatternTypeFilter: z.enum(["Literal", "Prefixed"]),
});

/** What each user may do with messages, by the user's name. */
function permissions(resources: readonly RegisteredResource[]): Record<string, string[]> {
  const byUser: Record<string, string[]> = {};
  for (const { inputs } of ofType(resources, ":Acl")) {
    if (inputs["aclOperation"] === "Describe") continue;
    const acl = aclSchema.parse(inputs);
    const may = `${acl.aclOperation} ${acl.aclResourceType} ${acl.aclResourceName}`;
    byUser[acl.aclPrincipal] = [...(byUser[acl.aclPrincipal] ?? []), may].sort();
  }
  return byUser;
}

/** What the world knows a resource by, whatever Pulumi calls it. */
function worldlyName({ type, inputs }: RegisteredResource): string {
  const metadata = z.object({ name: z.string(), namespace: z.string().optional() });
  if (type.startsWith("kubernetes:")) return `${type} ${JSON.stringify(metadata.parse(inputs["metadata"]))}`;
  if (type.endsWith(":Topic")) return `topic ${String(inputs["name"])}`;
  if (type.endsWith(":UserScramCredential")) return `user ${String(inputs["username"])}`;
  if (type.endsWith(":Acl")) return JSON.stringify(aclSchema.parse(inputs));
  return "";
}

function urns(resources: readonly RegisteredResource[]): string[] {
  return resources.map(({ urn }) => urn).sort();
}

describe("a pipeline", () => {
  it("gives each component a Kafka user that may do what its pipes say, and nothing else", async () => {
    const topic = (name: string): string => `Topic algorun.acme.texts.${name}`;
    const group = (component: string): string => `Read Group algorun.acme.texts.${component}`;
    assert.deepEqual(permissions(await resourcesOf(fanOut)), {
      "User:acme.texts.endpoint": [`Write ${topic("endpoint.0.texts")}`],
      [`User:acme.texts.${componentOf("split")}`]: [
        group("acme-split-1"),
        `Read ${topic("endpoint.0.texts")}`,
        `Write ${topic("split.1.dead-letters")}`,
        `Write ${topic("split.1.out")}`,
        `Write TransactionalID acme.texts.${componentOf("split")}.`,
      ],
      [`User:acme.texts.${componentOf("count")}`]: [
        group("acme-count-1"),
        `Read ${topic("split.1.out")}`,
        `Write ${topic("count.1.dead-letters")}`,
        `Write ${topic("count.1.out")}`,
        `Write TransactionalID acme.texts.${componentOf("count")}.`,
      ],
      [`User:acme.texts.${componentOf("translate")}`]: [
        group("acme-translate-1"),
        `Read ${topic("split.1.out")}`,
        `Write ${topic("translate.1.dead-letters")}`,
        `Write ${topic("translate.1.out")}`,
        `Write TransactionalID acme.texts.${componentOf("translate")}.`,
      ],
      "User:acme.texts.hook": [
        group("hook"),
        `Read ${topic("count.1.out")}`,
        `Read ${topic("translate.1.out")}`,
        `Write ${topic("hook.0.dead-letters")}`,
      ],
    });
  });

  it("shares nothing with a pipeline beside it", async () => {
    const plans = ["left", "right"].map((name) => planUnderTest({ ...fanOut, name }));
    const { resources } = await deployPlans(plans);
    for (const names of [urns(resources), resources.map(worldlyName).filter((name) => name !== "")]) {
      assert.ok(names.length > 100, "there is nothing to compare");
      assert.deepEqual(
        names.filter((name, index) => names.indexOf(name) !== index),
        [],
      );
    }
  });

  it("keeps every URN when an algo is added, and adds only that algo's", async () => {
    const before = await resourcesOf(fanOut);
    const after = await resourcesOf({
      ...fanOut,
      algos: [{ name: "audit", reads: ["split"] }, ...fanOut.algos],
    });
    const added = urns(after).filter((urn) => !urns(before).includes(urn));
    assert.deepEqual(
      urns(before).filter((urn) => !urns(after).includes(urn)),
      [],
    );
    assert.ok(added.length > 0);
    // The hook may read what the new algo writes.
    for (const urn of added) assert.match(urn, /acme-audit-1(-0-1|$)|texts\.audit\.1\.(out|dead-letters)/);
  });

  it("is the same for documents in another order", async () => {
    const reordered = { ...fanOut, algos: fanOut.algos.toReversed() };
    assert.deepEqual(await resourcesOf(reordered), await resourcesOf(fanOut));
  });

  it("shows no secret outside of what the engine encrypts", async () => {
    const resources = await resourcesOf({ ...fanOut, path: "messageDataType: FileReference" });
    const hidden = /-kafka-result|secret-of-the-bucket/;
    let found = 0;
    for (const { urn, inputs, secrets } of resources) {
      for (const [name, value] of Object.entries(inputs)) {
        if (!hidden.test(JSON.stringify(value))) continue;
        found += 1;
        assert.ok(secrets.includes(name), `${urn} shows a secret in ${name}`);
      }
    }
    assert.ok(found > 5, "there are no secrets to look at");
    for (const { kind, ...manifest } of manifests(resources)) {
      if (kind !== "Secret") assert.doesNotMatch(JSON.stringify(manifest), hidden, `${kind} shows a secret`);
    }
  });

  it("makes pods that the restricted standard and our own rules accept", async () => {
    assertHardened(await resourcesOf(fanOut));
  });

  it("keeps topics and volumes when it goes, and neither in dev", async () => {
    const kept = async (retainData: boolean): Promise<unknown[]> => {
      const resources = await resourcesOf(fanOut, { retainData });
      return [
        theOne(resources, ":Topic", "acme-texts-algorun.acme.texts.split.1.out").retainOnDelete,
        theOne(resources, "workload:Namespace", "acme-texts").retainOnDelete,
        theOne(resources, "apps/v1:StatefulSet", "acme-texts-endpoint").retainOnDelete,
      ];
    };
    assert.deepEqual(await kept(true), [true, true, undefined]);
    assert.deepEqual(await kept(false), [false, false, undefined]);
  });

  it("says where it takes messages in, and what it is made of", async () => {
    const { result } = await deployPlans([planUnderTest(fanOut)]);
    const [pipeline] = result;
    assert.ok(pipeline);
    assert.deepEqual(await settle(pipeline.addresses), {
      http: { texts: "https://algorun.example/run/http/acme/texts/texts" },
      grpc: undefined,
      rtmp: {},
    });
    assert.equal(await settle(pipeline.namespace), "algorun-acme-texts");
    assert.deepEqual(
      pipeline.topics,
      [
        "count.1.dead-letters",
        "count.1.out",
        "endpoint.0.texts",
        "hook.0.dead-letters",
        "split.1.dead-letters",
        "split.1.out",
        "translate.1.dead-letters",
        "translate.1.out",
      ].map((topic) => `algorun.acme.texts.${topic}`),
    );
  });

  it("lets its caller have the last word", async () => {
    const resources = await resourcesOf(fanOut, {
      transform: {
        topic: { config: { "segment.ms": "60000" } },
        algo: { deployment: { metadata: { annotations: { "acme.example/on-call": "team-7" } } } },
        mapping: (args) => ({ ...args, spec: { ...args.spec, precedence: 7 } }),
      },
    });
    const topic = theOne(resources, ":Topic", "acme-texts-algorun.acme.texts.split.1.out");
    assert.deepEqual(topic.inputs["config"], { "min.insync.replicas": "2", "segment.ms": "60000" });
    const annotated = manifests(resources).filter(
      ({ metadata }) => metadata.annotations?.["acme.example/on-call"] === "team-7",
    );
    assert.deepEqual(
      annotated.map(({ kind, metadata }) => `${kind} ${metadata.name ?? ""}`).sort(),
      ["count", "split", "translate"].map((algo) => `Deployment ${componentOf(algo)}`),
    );
    const { spec } = z
      .object({ spec: z.looseObject({ precedence: z.number() }) })
      .parse(theOne(resources, ":Mapping", "acme-texts-http").inputs);
    assert.equal(spec.precedence, 7);
  });

  it("can be previewed before anything exists", async () => {
    const { resources } = await deployPlans([planUnderTest(fanOut)], {}, { preview: true });
    assert.deepEqual(urns(resources), urns(await resourcesOf(fanOut)));
  });
});
