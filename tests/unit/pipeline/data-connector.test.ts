import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { secretReference } from "../../../components/data/kafka-connect/worker-properties";
import { rules } from "../../../policies/index";
import type { Rule } from "../../../policies/rule/rule";
import type { RegisteredResource } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { manifests, theManifest } from "../../harness/manifests";
import { Network } from "../../harness/network";
import { podTemplates, type OwnedPodTemplate } from "../../harness/pod-templates";
import { planOf } from "../../model/documents-under-test";
import { judge, judgeStack } from "../../policy/harness";
import { deployPlans, ofType, theOne } from "./pipeline-under-test";

const text = readFileSync("tests/documents/parcel-changes.yaml", "utf8");
const pipeline = "depot-parcel-changes";

async function resourcesFor(documents = text): Promise<readonly RegisteredResource[]> {
  return (await deployPlans([planOf(documents)])).resources;
}

/** The images of the platform under test come from a registry of its own. */
function configOf({ name }: Rule): Readonly<Record<string, unknown>> {
  return name === "trusted-registries"
    ? { registries: ["docker.io", "ghcr.io", "quay.io", "registry.example"] }
    : {};
}

const configMap = z.looseObject({ data: z.record(z.string(), z.string()) });

describe("a data connector", () => {
  let resources: readonly RegisteredResource[];
  before(async () => {
    resources = await resourcesFor();
  });

  const template = (name: string): OwnedPodTemplate["template"] => {
    const found = podTemplates(resources).find((candidate) => candidate.name === name);
    assert.ok(found, `there are no pods ${name}`);
    return found.template;
  };

  it("runs hardened pods, in which every policy is kept", () => {
    assertHardened(resources);
    const given = resources
      .filter(({ custom }) => custom)
      .map(({ type, name, urn, inputs }) => ({
        type,
        name,
        urn,
        props: type.startsWith("random:") ? { ...inputs, result: `${name}-result` } : inputs,
      }));
    const violations = rules.flatMap((rule) => [
      ...given.flatMap((resource) => judge(rule, resource, { config: configOf(rule) })),
      ...judgeStack(rule, given, { config: configOf(rule) }),
    ]);
    assert.deepEqual(violations, []);
  });

  it("has a Service, a budget, and an autoscaler where its document asks for one", () => {
    for (const name of ["parcels-1", "search-1"]) {
      theOne(resources, "core/v1:Service", `${pipeline}-${name}`);
      theOne(resources, ":PodDisruptionBudget", `${pipeline}-${name}`);
    }
    const scaled = ofType(resources, ":HorizontalPodAutoscaler").map(({ name }) => name);
    assert.deepEqual(scaled, [`${pipeline}-search-1`]);
  });

  it("starts workers from rendered files, with credentials as files and no password in sight", () => {
    const { data } = theManifest(resources, "ConfigMap", "parcels-1-configuration", configMap);
    assert.deepEqual(Object.keys(data).sort(), [
      "log4j2.properties",
      "metrics.yaml",
      "start.sh",
      "worker.properties",
    ]);
    const settings = data["worker.properties"] ?? "";
    assert.match(settings, /^group\.id=algorun\.depot\.parcel-changes\.parcels-1\.connect$/m);
    assert.match(
      settings,
      /^sasl\.jaas\.config=\$\{directory:\/etc\/kafka-connect\/credentials:jaas-config\}$/m,
    );
    assert.match(settings, /^consumer\.ssl\.truststore\.certificates=\$\{directory:.*:ca\.crt\}$/m);
    assert.match(settings, /^topic\.creation\.enable=false$/m);
    assert.match(data["start.sh"] ?? "", /-javaagent:\/kafka\/libs\/jmx_prometheus_javaagent\.jar=9404:/);
  });

  it("mounts exactly those keys of Secrets that its options name", () => {
    const { volumes, containers } = template("parcels-1").spec;
    const secrets = volumes.flatMap(({ name, secret }) => (secret === undefined ? [] : [{ name, secret }]));
    assert.deepEqual(
      secrets.map(({ secret }) => secret),
      [
        {
          secretName: "parcels-1-kafka",
          defaultMode: 0o440,
          items: [
            { key: "jaas-config", path: "jaas-config" },
            { key: "ca.crt", path: "ca.crt" },
          ],
        },
        {
          secretName: "parcels",
          defaultMode: 0o440,
          items: [
            { key: "password", path: "password" },
            { key: "username", path: "username" },
          ],
        },
      ],
    );
    const mounts = containers[0]?.volumeMounts.map(({ mountPath }) => mountPath);
    assert.ok(mounts?.includes("/etc/kafka-connect/secrets/parcels"));
  });

  it("registers the connector with references in place of secrets", () => {
    const { data } = theManifest(resources, "ConfigMap", "parcels-1-register-registration", configMap);
    const config = z.record(z.string(), z.string()).parse(JSON.parse(data["connector.json"] ?? ""));
    const paths = { secrets: "/etc/kafka-connect/secrets" };
    assert.equal(config["database.password"], secretReference(paths, "parcels", "password"));
    assert.equal(config["connector.class"], "io.debezium.connector.postgresql.PostgresConnector");
    assert.match(
      data["register.sh"] ?? "",
      /^connector=http:\/\/parcels-1\.algorun-depot-parcel-changes\.svc:8083\/connectors\/depot\.parcel-changes\.parcels-1$/m,
    );
  });

  it("tells a source that keeps the history of schemas where Kafka is, and how to log in there", async () => {
    const history = "schema.history.internal";
    const changed = text.replace(
      "topic.prefix: parcels",
      `topic.prefix: parcels\n          ${history}.kafka.topic: parcels.schemas`,
    );
    const name = "parcels-1-register-registration";
    const { data } = theManifest(await resourcesFor(changed), "ConfigMap", name, configMap);
    const config = z.record(z.string(), z.string()).parse(JSON.parse(data["connector.json"] ?? ""));
    const worker = theManifest(resources, "ConfigMap", "parcels-1-configuration", configMap);
    const servers = /^bootstrap\.servers=(.*)$/m.exec(worker.data["worker.properties"] ?? "")?.[1];
    assert.equal(config[`${history}.kafka.bootstrap.servers`], servers);
    for (const client of ["consumer", "producer"]) {
      assert.equal(
        config[`${history}.${client}.sasl.jaas.config`],
        "${directory:/etc/kafka-connect/credentials:jaas-config}",
      );
      assert.equal(config[`${history}.${client}.security.protocol`], "SASL_SSL");
    }
  });

  it("is registered anew when its options change, and only then", async () => {
    const hashOf = (all: readonly RegisteredResource[]): unknown =>
      podTemplates(all).find(({ name }) => name === "parcels-1-register")?.template.metadata.annotations;
    const changed = await resourcesFor(text.replace("topic.prefix: parcels", "topic.prefix: boxes"));
    assert.notDeepEqual(hashOf(changed), hashOf(resources));
    const resized = await resourcesFor(text.replace("tasksMax: 4", "tasksMax: 3"));
    assert.deepEqual(hashOf(resized), hashOf(resources));
  });

  it("is registered when its workers are there, after its readers and before its writers", () => {
    const job = (name: string): RegisteredResource =>
      theOne(resources, "batch/v1:Job", `${pipeline}-${name}-register`);
    const deployment = (name: string): RegisteredResource =>
      theOne(resources, "apps/v1:Deployment", `${pipeline}-${name}`);
    const waits = (later: RegisteredResource, earlier: RegisteredResource): boolean =>
      later.dependencies.includes(earlier.urn);
    assert.ok(waits(job("parcels-1"), deployment("parcels-1")));
    assert.ok(waits(deployment("parcels-1"), deployment("depot-address-1-0-1")), "its reader");
    assert.ok(waits(deployment("depot-address-1-0-1"), job("search-1")), "the sink consumes from then on");
    assert.ok(waits(deployment("search-1"), deployment("hook")), "who reads the dead letters");
  });

  it("is looked after by one pod once it is registered, which is ready while it is well", async () => {
    const deployment = theOne(resources, "apps/v1:Deployment", `${pipeline}-parcels-1-auto-restart`);
    const job = theOne(resources, "batch/v1:Job", `${pipeline}-parcels-1-register`);
    assert.ok(deployment.dependencies.includes(job.urn));
    const [container] = template("parcels-1-auto-restart").spec.containers;
    const probe = z.object({ exec: z.object({ command: z.array(z.string()) }) });
    const { command } = probe.parse(container?.readinessProbe).exec;
    const { data } = theManifest(resources, "ConfigMap", "parcels-1-auto-restart-script", configMap);
    assert.ok(data["auto-restart.sh"]?.includes(`touch ${command.at(-1) ?? ""}\n`));
    assert.match(data["auto-restart.sh"] ?? "", /^most=$/m, "no end");
    const limited = await resourcesFor(
      text.replace("tasksMax: 4", "tasksMax: 4\n      autoRestart: { maxRestarts: 7 }"),
    );
    const script = theManifest(limited, "ConfigMap", "search-1-auto-restart-script", configMap);
    assert.match(script.data["auto-restart.sh"] ?? "", /^most=7$/m);
  });

  it("is left as it is where its document says so", async () => {
    const left = text.replace("tasksMax: 4", "tasksMax: 4\n      autoRestart: { enabled: false }");
    const names = ofType(await resourcesFor(left), "apps/v1:Deployment").map(({ name }) => name);
    assert.ok(names.includes(`${pipeline}-parcels-1-auto-restart`));
    assert.ok(!names.includes(`${pipeline}-search-1-auto-restart`));
  });

  it("ends its old workers before new ones of another namespace begin, which would be in one group with them", () => {
    const deployment = theOne(resources, "apps/v1:Deployment", `${pipeline}-parcels-1`);
    assert.equal(deployment.deleteBeforeReplace, true);
    assert.equal(theOne(resources, "apps/v1:Deployment", `${pipeline}-hook`).deleteBeforeReplace, undefined);
  });

  it("opens the REST API to its workers and to what registers it, and nothing else", () => {
    const network = new Network(resources);
    const ways = network.meantWaysIn().filter(({ port }) => port === 8083);
    assert.deepEqual(ways.map(({ from, to }) => `${from.name} -> ${to.name}`).sort(), [
      "parcels-1 -> parcels-1",
      "parcels-1-auto-restart -> parcels-1",
      "parcels-1-register -> parcels-1",
      "search-1 -> search-1",
      "search-1-auto-restart -> search-1",
      "search-1-register -> search-1",
    ]);
    assert.ok(ways.every((way) => network.lets(way, "egress")));
  });

  it("lets its workers out to Kafka, to each other and to the hosts of its document", () => {
    const policy = z.looseObject({
      spec: z.looseObject({
        egress: z.array(z.looseObject({ ports: z.array(z.looseObject({ port: z.number() })).optional() })),
      }),
    });
    const { spec } = theManifest(resources, "NetworkPolicy", "search-1", policy);
    const ports = spec.egress.map((rule) => [...new Set(rule.ports?.map(({ port }) => port))]);
    assert.deepEqual(ports, [[53], [9092], [9200], [8083]]);
  });

  it("takes its own topics along when it goes, and leaves those of pipes", () => {
    const retained = ofType(resources, ":Topic").map(({ name, retainOnDelete }) => [
      name.replace(/^.*\.parcel-changes\./, ""),
      retainOnDelete,
    ]);
    assert.deepEqual(retained, [
      ["address.1.address", true],
      ["address.1.dead-letters", true],
      ["hook.0.dead-letters", true],
      ["parcels.1.connect-configs", false],
      ["parcels.1.connect-offsets", false],
      ["parcels.1.connect-status", false],
      ["parcels.1.rows", true],
      ["search.1.connect-configs", false],
      ["search.1.connect-offsets", false],
      ["search.1.connect-status", false],
      ["search.1.dead-letters", true],
    ]);
  });

  it("carries the labels by which components are found", () => {
    const workloads = manifests(resources).filter(({ kind }) => kind === "Deployment");
    const labels = workloads.find(({ metadata }) => metadata.name === "parcels-1")?.metadata.labels;
    assert.equal(labels?.["app.kubernetes.io/component"], "dataconnector");
    assert.equal(labels["algo.run/dataconnector"], "parcels");
    assert.equal(labels["app.kubernetes.io/version"], "3.3");
  });

  it("takes the platform's image of Kafka where its document names none", async () => {
    const plain = text.replace('{ repository: ghcr.io/depot/search-sink, tag: "1.0" }', "{}");
    const [worker] = podTemplates(await resourcesFor(plain)).filter(({ name }) => name === "search-1");
    assert.match(worker?.template.spec.containers[0]?.image ?? "", /^docker\.io\/apache\/kafka:\d/);
  });
});
