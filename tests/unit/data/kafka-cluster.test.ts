import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { KafkaCluster } from "../../../components/data/kafka/kafka-cluster";
import type { KafkaClusterArgs } from "../../../components/data/kafka/kafka-cluster-args";
import { deploy, settle, type Deployed } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { theManifest, theResource } from "../../harness/manifests";

const secretShape = z.looseObject({ stringData: z.record(z.string(), z.string()) });
const configShape = z.looseObject({ data: z.record(z.string(), z.string()) });
const policyShape = z.looseObject({
  spec: z.looseObject({
    ingress: z.array(
      z.looseObject({
        from: z.array(z.unknown()).optional(),
        ports: z.array(z.looseObject({ port: z.number() })),
      }),
    ),
  }),
});
const statefulSetShape = z.looseObject({
  spec: z.looseObject({
    replicas: z.number(),
    minReadySeconds: z.number(),
    podManagementPolicy: z.string(),
    serviceName: z.string(),
    template: z.looseObject({
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.number(),
        containers: z.array(
          z.looseObject({
            lifecycle: z.unknown().optional(),
            resources: z.record(z.string(), z.record(z.string(), z.string())),
          }),
        ),
      }),
    }),
  }),
});

function cluster(args: Partial<KafkaClusterArgs> = {}): Promise<Deployed<KafkaCluster>> {
  return deploy(() => new KafkaCluster("kafka", { namespace: "algorun", ...args }));
}

describe("KafkaCluster", () => {
  it("is three controllers and three brokers unless told otherwise, each hardened", async () => {
    const { resources } = await cluster();
    assertHardened(resources);
    for (const role of ["controller", "broker"]) {
      const { spec } = theManifest(resources, "StatefulSet", `kafka-${role}`, statefulSetShape);
      assert.equal(spec.replicas, 3);
      assert.equal(spec.podManagementPolicy, "Parallel");
      assert.equal(spec.serviceName, `kafka-${role}-headless`);
    }
  });

  it("gives brokers time to wait for copies elsewhere, and does not wait where there is none to spare", async () => {
    const brokersOf = async (
      brokers: number,
    ): Promise<z.infer<typeof statefulSetShape>["spec"]["template"]["spec"]> =>
      theManifest((await cluster({ brokers })).resources, "StatefulSet", "kafka-broker", statefulSetShape)
        .spec.template.spec;
    const three = await brokersOf(3);
    assert.equal(three.terminationGracePeriodSeconds, 240);
    assert.ok(three.containers[0]?.lifecycle);
    const one = await brokersOf(1);
    assert.equal(one.terminationGracePeriodSeconds, 120);
    assert.equal(one.containers[0]?.lifecycle, undefined);
  });

  it("limits memory to what is requested, whatever is stated, and makes half of it the heap", async () => {
    const { resources } = await cluster({ brokerResources: { requests: { memory: "2Gi" } } });
    const { spec } = theManifest(resources, "StatefulSet", "kafka-broker", statefulSetShape);
    const container = spec.template.spec.containers[0]?.resources;
    assert.deepEqual(container?.requests, { cpu: "500m", "ephemeral-storage": "1Gi", memory: "2Gi" });
    assert.deepEqual(container.limits, { cpu: "4", "ephemeral-storage": "1Gi", memory: "2Gi" });
    const { data } = theManifest(resources, "ConfigMap", "kafka-broker-configuration", configShape);
    assert.match(data["start.sh"] ?? "", /-Xmx1024m /);
  });

  it("keeps the administrator's password from the brokers, and all passwords from ConfigMaps", async () => {
    const { resources } = await cluster();
    const keys = (role: string): string[] =>
      Object.keys(
        theManifest(resources, "Secret", `kafka-${role}-credentials`, secretShape).stringData,
      ).sort();
    assert.deepEqual(keys("controller"), ["admin", "node"]);
    assert.deepEqual(keys("broker"), ["node"]);
    for (const role of ["controller", "broker"]) {
      const { data } = theManifest(resources, "ConfigMap", `kafka-${role}-configuration`, configShape);
      assert.doesNotMatch(JSON.stringify(data), /password-result/);
    }
  });

  it("lets clients reach only the clients' port", async () => {
    const { resources } = await cluster();
    const { spec } = theManifest(resources, "NetworkPolicy", "kafka-broker", policyShape);
    const clientsOf = (port: number): string =>
      JSON.stringify(spec.ingress.find((rule) => rule.ports[0]?.port === port)?.from ?? "anyone");
    assert.match(clientsOf(9092), /namespaceSelector.*part-of/);
    assert.match(clientsOf(9091), /"kafka-broker"/);
    assert.doesNotMatch(clientsOf(9091), /namespaceSelector/);
    const controllers = theManifest(resources, "NetworkPolicy", "kafka-controller", policyShape).spec.ingress;
    assert.equal(controllers.length, 1);
    assert.match(JSON.stringify(controllers[0]?.from), /"kafka-controller".*"kafka-broker"/);
  });

  it("is administered with its own password, or as told", async () => {
    const own = await cluster();
    const args = theResource(own.resources, "pulumi:providers:kafka", "kafka");
    assert.equal(args.inputs["saslUsername"], "admin");
    assert.match(String(args.inputs["bootstrapServers"]), /kafka-broker\.algorun\.svc:9092/);
    assert.ok(args.secrets.includes("saslPassword"));
    const administration = { bootstrapServers: ["127.0.0.1:1"], username: "root", password: "p", tls: true };
    const told = await cluster({ administration });
    const toldArgs = theResource(told.resources, "pulumi:providers:kafka", "kafka");
    assert.match(String(toldArgs.inputs["bootstrapServers"]), /127\.0\.0\.1:1/);
    assert.equal(toldArgs.inputs["saslUsername"], "root");
  });

  it("tells clients how to connect", async () => {
    const { result } = await cluster({ tls: { secretName: "kafka-tls", caCertificate: "PEM" } });
    assert.equal(await settle(result.bootstrapServers), "kafka-broker.algorun.svc:9092");
    assert.equal(result.securityProtocol, "SASL_SSL");
    assert.equal(await settle(pulumi.output(result.caCertificate)), "PEM");
    assert.deepEqual(result.address.ports, [9092]);
    assert.equal(result.defaultReplicationFactor, 3);
  });

  it("reaches each broker from outside by an address of its own", async () => {
    const addresses = [31090, 31091, 31092].map((port) => ({ host: "node.example", port }));
    const { resources } = await cluster({
      external: { type: "NodePort", addresses, addressBlocks: ["172.18.0.0/16"] },
    });
    const shape = z.looseObject({
      spec: z.looseObject({ selector: z.record(z.string(), z.string()), ports: z.array(z.unknown()) }),
    });
    const { spec } = theManifest(resources, "Service", "kafka-broker-1-external", shape);
    assert.deepEqual(spec.selector, { "statefulset.kubernetes.io/pod-name": "kafka-broker-1" });
    assert.deepEqual(spec.ports, [
      { name: "external", port: 31091, targetPort: "external", protocol: "TCP", nodePort: 31091 },
    ]);
    await assert.rejects(
      cluster({
        external: { type: "NodePort", addresses: addresses.slice(1), addressBlocks: ["172.18.0.0/16"] },
      }),
      /found 2, expected one for each of 3 brokers/,
    );
  });

  it("lets clients outside in from the stated networks, and has a load balancer refuse the others itself", async () => {
    const addresses = [0, 1, 2].map((index) => ({ host: `b${index}.kafka.example`, port: 9094 }));
    const addressBlocks = ["192.0.2.0/24", "198.51.100.0/24"];
    const { resources } = await cluster({ external: { type: "LoadBalancer", addresses, addressBlocks } });
    const { spec } = theManifest(resources, "NetworkPolicy", "kafka-broker", policyShape);
    assert.deepEqual(
      spec.ingress.filter(({ ports }) => ports.some(({ port }) => port === 9094)).map(({ from }) => from),
      [addressBlocks.map((cidr) => ({ ipBlock: { cidr } }))],
    );
    const shape = z.looseObject({
      spec: z.looseObject({
        externalTrafficPolicy: z.string(),
        loadBalancerSourceRanges: z.array(z.string()),
        ports: z.array(z.looseObject({ nodePort: z.number().optional() })),
      }),
    });
    const service = theManifest(resources, "Service", "kafka-broker-2-external", shape).spec;
    assert.equal(service.externalTrafficPolicy, "Local");
    assert.deepEqual(service.loadBalancerSourceRanges, addressBlocks);
    assert.equal(service.ports[0]?.nodePort, undefined);
  });

  it("refuses numbers that make no quorum", async () => {
    await assert.rejects(cluster({ controllers: 2 }), /found 2, expected 1, 3 or 5/);
    await assert.rejects(cluster({ brokers: 0 }), /found 0, expected a whole number from 1/);
  });
});
