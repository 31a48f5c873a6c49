import assert from "node:assert/strict";
import {
  algoOf,
  broken,
  endpointOf,
  hookOf,
  planOf,
  planText,
  soundText,
  withAlgoField,
  withPathField,
} from "./documents-under-test";

describe("the plan of a deployment", () => {
  it("names the deployment after owner and name", () => {
    const { id, name, namespace, labels, source } = planOf(soundText);
    assert.deepEqual(
      { id, name, namespace, source },
      {
        id: "acme.shout",
        name: "acme-shout",
        namespace: "algorun-acme-shout",
        source: { file: "shout.yaml", line: 25 },
      },
    );
    assert.deepEqual(labels, {
      "app.kubernetes.io/part-of": "algo.run",
      "algo.run/pipeline-deployment": "acme.shout",
      "algo.run/pipeline": "acme.shout",
    });
  });

  it("puts deploymentNamespace first in the namespace's name", () => {
    const text = broken("  deploymentOwner: acme\n", "  deploymentOwner: acme\n  deploymentNamespace: eu\n");
    assert.equal(planOf(text).namespace, "eu-acme-shout");
  });

  it("has a topic for each output, with automatic names and partitions", () => {
    const topics = planOf(soundText).topics.map(({ name, partitions, consumedBy }) => [
      name,
      partitions,
      ...consumedBy.map(({ component, port }) => `${component} ${port}`),
    ]);
    assert.deepEqual(topics, [
      ["algorun.acme.shout.endpoint.0.texts", 3, "acme-upper-case-1-0-0-1 Text"],
      ["algorun.acme.shout.hook.0.dead-letters", 1],
      ["algorun.acme.shout.upper-case.1.dead-letters", 1],
      ["algorun.acme.shout.upper-case.1.upper", 3, "hook upper"],
    ]);
  });

  it("gives each component its own user, group and topics", () => {
    assert.deepEqual(
      planOf(soundText).components.map(({ identity }) => identity),
      [
        {
          username: "acme.shout.acme-upper-case-1-0-0-1",
          consumerGroup: "algorun.acme.shout.acme-upper-case-1",
          reads: ["algorun.acme.shout.endpoint.0.texts"],
          transactionalIdPrefix: "acme.shout.acme-upper-case-1-0-0-1.",
          writes: ["algorun.acme.shout.upper-case.1.dead-letters", "algorun.acme.shout.upper-case.1.upper"],
        },
        { username: "acme.shout.endpoint", reads: [], writes: ["algorun.acme.shout.endpoint.0.texts"] },
        {
          username: "acme.shout.hook",
          consumerGroup: "algorun.acme.shout.hook",
          reads: ["algorun.acme.shout.upper-case.1.upper"],
          writes: ["algorun.acme.shout.hook.0.dead-letters"],
        },
      ],
    );
  });

  it("routes HTTP by prefix and gRPC by header", () => {
    assert.deepEqual(
      planOf(
        broken("      - name: texts\n", "      - { name: calls, endpointType: gRPC }\n      - name: texts\n"),
      ).routes,
      [
        {
          name: "grpc",
          protocol: "grpc",
          prefix: "/PipelineEndpoint/",
          rewrite: "",
          headers: { "x-algorun-deployment": "acme.shout" },
          target: { component: "endpoint", port: 18282 },
          role: { kind: "own" },
          traffic: { timeoutMs: 0, idleTimeoutMs: 300_000 },
        },
        {
          name: "http",
          protocol: "http",
          prefix: "/run/http/acme/shout/",
          rewrite: "/acme/shout/",
          headers: {},
          target: { component: "endpoint", port: 18080 },
          role: { kind: "own" },
          traffic: { timeoutMs: 300_000 },
        },
      ],
    );
  });

  it("gives a media path a stream and a way to the media server, and no route", () => {
    const plan = planOf(withPathField("endpointType: RTMP\n        messageDataType: FileReference"));
    assert.deepEqual(plan.routes, []);
    assert.equal(endpointOf(plan).paths[0]?.stream, "acme.shout.texts");
    assert.deepEqual(endpointOf(plan).network, {
      ingress: [{ from: "observability", port: 28080 }],
      egress: [{ to: "kafka" }, { to: "objectStorage" }, { to: "mediaStreams" }],
    });
  });

  it("has a bucket, and ways to it, only for messages by reference", () => {
    const plan = planOf(withPathField("messageDataType: FileReference"));
    assert.deepEqual(plan.storageBucket, {
      name: "acme.shout",
      nameBecause: "automatic",
      writers: ["endpoint"],
      readers: ["acme-upper-case-1-0-0-1"],
    });
    assert.deepEqual(algoOf(plan).network.egress, [{ to: "kafka" }, { to: "objectStorage" }]);
    assert.deepEqual(hookOf(plan).network.egress, [
      { to: "kafka" },
      { to: "webhook", host: "hooks.acme.example", port: 443 },
    ]);
    assert.equal(planOf(soundText).storageBucket, undefined);
  });

  it("keeps one algo apart from itself by index", () => {
    const text = broken(
      "      index: 1\n",
      "      index: 1\n    - { algoRef: { name: upper-case }, version: latest, index: 2 }\n",
    ).replace(
      "  pipes:\n",
      '  pipes:\n    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/upper-case:latest[2]", destInputName: Text }\n',
    );
    const algos = planOf(text).components.filter((component) => component.kind === "algo");
    assert.deepEqual(
      algos.map(({ name, algo }) => [name, algo.version, algo.versionTag]),
      [
        ["acme-upper-case-1-0-0-1", "1.0.0", "1.0.0"],
        ["acme-upper-case-latest-2", "latest", "1.0.0"],
      ],
    );
  });

  it("drops an output that nothing wants, unless the algo writes all of them", () => {
    const output =
      "  outputs:\n    - { name: Log, outputDeliveryType: HttpResponse, contentType: text/plain }\n";
    const topicNames = (text: string): readonly string[] =>
      planOf(text.replace("  outputs:\n", output)).topics.map(({ name }) => name);
    assert.ok(!topicNames(soundText).includes("algorun.acme.shout.upper-case.1.log"));
    assert.ok(
      topicNames(withAlgoField("writeAllOutputs: true")).includes("algorun.acme.shout.upper-case.1.log"),
    );
    assert.ok(
      topicNames(withAlgoField("topics: [{ outputName: Log }]")).includes(
        "algorun.acme.shout.upper-case.1.log",
      ),
    );
  });

  it("is still made of the documents without fault when another has one", () => {
    const text = `${soundText}---\n${soundText.slice(soundText.indexOf("---\n") + 4).replace("deploymentName: shout", "deploymentName: 7")}`;
    const { plans, problems } = planText(text);
    assert.deepEqual([plans.map(({ id }) => id), problems.length], [["acme.shout"], 1]);
  });
});
