import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PipelineArgs } from "../../../components/pipeline/pipeline-args";
import type { PipelineDefaults } from "../../../pipelines/model/platform-facts";
import { podTemplates, type ContainerManifest, type OwnedPodTemplate } from "../../harness/pod-templates";
import { resourcesOf } from "./pipeline-under-test";
import { platformUnderTest } from "./platform-under-test";
import { componentOf, run, type AlgoUnderTest } from "./plans-under-test";

interface AlgoPod {
  readonly template: OwnedPodTemplate["template"];
  /** Containers by name, those that run before the others too. */
  readonly containers: Readonly<Record<string, ContainerManifest>>;
  /** Names in order: those that run before the others, a bar, the others. */
  readonly order: string;
}

/** The pods of an algo that is alone in its pipeline. */
async function algoPod(
  algo: Partial<AlgoUnderTest>,
  args: Partial<PipelineArgs> = {},
  pipelineDefaults: PipelineDefaults = {},
): Promise<AlgoPod> {
  const resources = await resourcesOf({ algos: [{ name: "solo", ...algo }], pipelineDefaults }, args);
  const found = podTemplates(resources).find(({ name }) => name === componentOf("solo"));
  assert.ok(found);
  const { initContainers = [], containers } = found.template.spec;
  const named = [...initContainers, ...containers].map((container) => [container.name, container] as const);
  const names = (list: readonly ContainerManifest[]): string => list.map(({ name }) => name).join(" ");
  return {
    template: found.template,
    containers: Object.fromEntries(named),
    order: `${names(initContainers)} | ${names(containers)}`,
  };
}

/** Variables of a container; those from elsewhere show where. */
function variables(container: ContainerManifest | undefined): Record<string, unknown> {
  return Object.fromEntries((container?.env ?? []).map(({ name, value, ...from }) => [name, value ?? from]));
}

function mounts(container: ContainerManifest | undefined): Record<string, string> {
  return Object.fromEntries(
    (container?.volumeMounts ?? []).map(({ mountPath, name, ...how }) => [
      mountPath,
      `${name}${how["readOnly"] === true ? " read-only" : ""}${typeof how["subPath"] === "string" ? ` ${how["subPath"]}` : ""}`,
    ]),
  );
}

const kafkaVariables = {
  INSTANCE_NAME: { valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
  KAFKA_AUTH_PASSWORD: {
    valueFrom: { secretKeyRef: { name: `${componentOf("solo")}-kafka`, key: "password" } },
  },
  KAFKA_AUTH_TYPE: "scram-sha-512",
  KAFKA_AUTH_USERNAME: `acme.texts.${componentOf("solo")}`,
  KAFKA_BROKERS: "kafka.platform.svc:9092",
  KAFKA_CONSUMER_GROUP: "algorun.acme.texts.acme-solo-1",
  KAFKA_INPUT_TOPIC_IN: "algorun.acme.texts.endpoint.0.texts",
  KAFKA_OUTPUT_TOPIC_OUT: "algorun.acme.texts.solo.1.out",
  KAFKA_TLS: "true",
  KAFKA_TLS_CA_LOCATION: "/etc/algorun/kafka-ca/ca.crt",
};

describe("an algo's pods", () => {
  it("hold a server that starts before the runner and stops after it", async () => {
    const { containers, order } = await algoPod({ run: run.server });
    assert.equal(order, "algo | runner");
    const { algo, runner } = containers;
    assert.equal(algo?.restartPolicy, "Always");
    assert.deepEqual([algo.command, algo.args], [["/bin/solo"], ["--serve"]]);
    assert.deepEqual(algo["startupProbe"], {
      tcpSocket: { port: 8080 },
      periodSeconds: 5,
      timeoutSeconds: 5,
      failureThreshold: 120,
    });
    assert.equal(runner?.image, "registry.example/algorun/runner:1.0.0");
    assert.deepEqual(runner.args, ["--config=/algo-runner/config/runner.json"]);
    assert.deepEqual(runner.ports, [{ name: "metrics", containerPort: 10080, protocol: "TCP" }]);
  });

  it("keep Kafka from a server: only the runner beside it knows the password", async () => {
    const { containers } = await algoPod({ run: run.grpcServer });
    assert.deepEqual(variables(containers["algo"]), {});
    assert.deepEqual(variables(containers["runner"]), kafkaVariables);
    assert.deepEqual(mounts(containers["algo"]), { "/input": "input", "/output": "output", "/tmp": "tmp" });
    assert.deepEqual(mounts(containers["runner"]), {
      "/input": "input",
      "/output": "output",
      "/algo-runner/config": "runner-config read-only",
      "/etc/algorun/kafka-ca": "kafka-ca read-only",
      "/tmp": "tmp",
    });
  });

  it("hold a program into which the runner was copied, and which the runner starts", async () => {
    const { containers, order, template } = await algoPod({ run: run.program });
    assert.equal(order, "copy-runner | algo");
    const copy = containers["copy-runner"];
    assert.equal(copy?.image, "registry.example/algorun/runner:1.0.0");
    assert.deepEqual(copy.args, ["install", "/algo-runner/bin"]);
    assert.deepEqual(mounts(copy), { "/algo-runner/bin": "runner", "/tmp": "tmp" });
    const { algo } = containers;
    assert.deepEqual(
      [algo?.image, algo?.command],
      [
        "registry.example/acme/solo:1.0",
        [
          "/algo-runner/bin/ld.so",
          "--library-path",
          "/algo-runner/bin/lib",
          "/algo-runner/bin/node",
          "/algo-runner/bin/runner.cjs",
        ],
      ],
    );
    assert.deepEqual(variables(algo), kafkaVariables);
    assert.deepEqual(mounts(algo), {
      "/input": "input",
      "/output": "output",
      "/algo-runner/config": "runner-config read-only",
      "/algo-runner/bin": "runner read-only",
      "/etc/algorun/kafka-ca": "kafka-ca read-only",
      "/tmp": "tmp",
    });
    assert.deepEqual(
      template.spec.volumes.find(({ name }) => name === "runner"),
      { name: "runner", emptyDir: { sizeLimit: "256Mi" } },
    );
  });

  it("hold nothing but the algo where it talks to Kafka itself", async () => {
    const { containers, order, template } = await algoPod({ run: run.client });
    assert.equal(order, " | algo");
    assert.deepEqual(variables(containers["algo"]), kafkaVariables);
    assert.deepEqual(containers["algo"]?.ports, []);
    assert.equal(template.metadata.annotations?.["scrape.example/port"], undefined);
  });

  it("are scraped where a runner of ours is in them", async () => {
    for (const way of [run.server, run.grpcServer, run.program]) {
      const { template } = await algoPod({ run: way });
      assert.equal(template.metadata.annotations?.["scrape.example/port"], "10080");
    }
  });

  it("find the document's files where it wants them", async () => {
    const deployed =
      'configMounts: [{ name: rules.txt, mountPath: /etc/solo/rules.txt, data: "be kind" }, { name: more.txt, mountPath: /srv/more, data: "" }]';
    const { containers } = await algoPod({ deployed });
    assert.equal(mounts(containers["algo"])["/etc/solo/rules.txt"], "files read-only rules.txt");
    assert.equal(mounts(containers["algo"])["/srv/more"], "files read-only more.txt");
    assert.equal(mounts(containers["runner"])["/etc/solo/rules.txt"], undefined);
  });

  it("are probed as the document says, and the runner beside as ever", async () => {
    const deployed =
      "readinessProbe: { httpGet: { path: /ready, port: 8080 } }, livenessProbe: { exec: { command: [/bin/alive] } }";
    const { algo, runner } = (await algoPod({ deployed })).containers;
    assert.deepEqual(algo?.readinessProbe, { httpGet: { path: "/ready", port: 8080 } });
    assert.deepEqual(algo.livenessProbe, { exec: { command: ["/bin/alive"] } });
    assert.deepEqual(runner?.readinessProbe, {
      httpGet: { path: "/health", port: "metrics" },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
  });

  it("declare the ports that probes ask by number, once and for no client", async () => {
    const deployed =
      "readinessProbe: { httpGet: { path: /ready, port: 9000 } }, livenessProbe: { tcpSocket: { port: 9000 } }";
    for (const way of [run.client, run.program]) {
      const { algo } = (await algoPod({ run: way, deployed })).containers;
      const probed = algo?.ports.filter(({ name }) => name.startsWith("probe-"));
      assert.deepEqual(probed, [{ name: "probe-9000", containerPort: 9000, protocol: "TCP" }]);
    }
  });

  it("don't declare a port twice when a probe asks the runner's", async () => {
    const deployed = "livenessProbe: { tcpSocket: { port: 10080 } }";
    const { algo } = (await algoPod({ run: run.program, deployed })).containers;
    assert.deepEqual(
      algo?.ports.map(({ name }) => name),
      ["metrics"],
    );
  });

  it("live while the runner listens, and get work when it says that it is healthy", async () => {
    const { runner } = (await algoPod({ run: run.server })).containers;
    assert.ok(runner);
    const { liveness, readiness } = { liveness: runner.livenessProbe, readiness: runner.readinessProbe };
    assert.deepEqual(liveness, {
      tcpSocket: { port: "metrics" },
      periodSeconds: 20,
      timeoutSeconds: 5,
      failureThreshold: 6,
    });
    assert.notDeepEqual(readiness, liveness);
  });

  it("get the resources of the document, or else those of the environment", async () => {
    const stated = "resources: { limits: { memory: 3Gi }, requests: { cpu: 700m } }";
    const { containers } = await algoPod({ deployed: stated }, {}, { algo: "large", runner: "large" });
    assert.equal(containers["algo"]?.resources.limits["memory"], "3Gi");
    assert.equal(containers["algo"].resources.requests["cpu"], "700m");
    assert.equal(containers["runner"]?.resources.limits["memory"], "4Gi");
    const unstated = await algoPod({}, {}, { algo: "large" });
    assert.equal(unstated.containers["algo"]?.resources.limits["memory"], "4Gi");
    assert.equal(unstated.containers["runner"]?.resources.limits["memory"], "256Mi");
  });

  it("get the time to finish the message that they are at", async () => {
    const { template } = await algoPod({ deployed: "timeoutSeconds: 300" });
    assert.ok(Number(template.spec["terminationGracePeriodSeconds"]) > 300);
  });

  it("are replaced when their configuration or what they trust changes, and not for nothing", async () => {
    const checksum = async (algo: Partial<AlgoUnderTest>, args?: Partial<PipelineArgs>): Promise<unknown> =>
      (await algoPod(algo, args)).template.metadata.annotations?.["algo.run/config-checksum"];
    const plain = await checksum({});
    assert.match(String(plain), /^[0-9a-f]{64}$/);
    assert.equal(await checksum({ deployed: "replicas: 2" }), plain);
    assert.notEqual(await checksum({ deployed: "timeoutSeconds: 7" }), plain);
    const withFile = (data: string): Promise<unknown> =>
      checksum({ deployed: `configMounts: [{ name: a, mountPath: /a, data: "${data}" }]` });
    assert.notEqual(await withFile("a"), plain);
    assert.notEqual(await withFile("a"), await withFile("b"));
    const { kafka, ...platform } = platformUnderTest();
    const otherKafka = { ...kafka, caCertificate: pulumi.output("another authority") };
    assert.notEqual(await checksum({}, { platform: { ...platform, kafka: otherKafka } }), plain);
  });
});
