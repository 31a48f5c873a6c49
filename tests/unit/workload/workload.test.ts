import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
  DeploymentWorkload,
  type DeploymentWorkloadArgs,
} from "../../../components/workload/deployment-workload";
import { JobWorkload } from "../../../components/workload/job-workload";
import { podsOf } from "../../../components/workload/network-policy";
import { checksumAnnotation } from "../../../components/workload/pod-template";
import { tcpProbe } from "../../../components/workload/probes";
import { StatefulSetWorkload } from "../../../components/workload/stateful-set-workload";
import { deploy } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { manifests, theManifest, theResource } from "../../harness/manifests";
import { podTemplates } from "../../harness/pod-templates";
import { deployment, ledger, shop, statefulSet } from "./workloads-under-test";

async function checksum(args: Partial<DeploymentWorkloadArgs>): Promise<string | undefined> {
  const [pod] = podTemplates(await deployment({ ...shop, ...args }));
  return pod?.template.metadata.annotations?.[checksumAnnotation];
}

const scaledSchema = z.looseObject({ spec: z.looseObject({ replicas: z.number().optional() }) });

describe("a workload", () => {
  it("is hardened, whatever its kind", async () => {
    const { resources } = await deploy(() => [
      new DeploymentWorkload("till", shop),
      new StatefulSetWorkload("ledger", ledger),
      new JobWorkload("audit", {
        ...shop,
        containers: [{ name: "audit", image: "registry.example/audit:1" }],
      }),
      new DeploymentWorkload("robot", {
        ...shop,
        apiAccess: true,
        initContainers: [{ name: "init", image: "registry.example/init:1" }],
      }),
    ]);
    assertHardened(resources);
    assert.equal(podTemplates(resources).length, 4);
  });

  it("offers the declared ports in its Service and opens them to their clients alone", async () => {
    const resources = await deployment(shop);
    const service = theManifest(
      resources,
      "Service",
      "till",
      z.looseObject({ spec: z.looseObject({ ports: z.unknown() }) }),
    );
    assert.deepEqual(service.spec.ports, [
      { name: "http", port: 80, targetPort: "http", protocol: "TCP" },
      { name: "metrics", port: 9000, targetPort: "metrics", protocol: "TCP" },
    ]);
    const policy = theManifest(
      resources,
      "NetworkPolicy",
      "till",
      z.looseObject({ spec: z.looseObject({ ingress: z.unknown() }) }),
    );
    assert.deepEqual(policy.spec.ingress, [
      { ports: [{ port: 8080, protocol: "TCP" }] },
      { from: [podsOf("prometheus", "platform")], ports: [{ port: 9000, protocol: "TCP" }] },
    ]);
  });

  it("may only ask DNS unless told more", async () => {
    const egress = z.looseObject({
      spec: z.looseObject({ egress: z.array(z.looseObject({ ports: z.unknown() })) }),
    });
    const closed = theManifest(await deployment(shop), "NetworkPolicy", "till", egress);
    assert.deepEqual(
      closed.spec.egress.map(({ ports }) => ports),
      [
        [
          { port: 53, protocol: "UDP" },
          { port: 53, protocol: "TCP" },
        ],
      ],
    );
    const open = theManifest(
      await deployment({ ...shop, egress: [{ peers: [podsOf("db")], ports: [5432] }] }),
      "NetworkPolicy",
      "till",
      egress,
    );
    assert.deepEqual(open.spec.egress[1], { to: [podsOf("db")], ports: [{ port: 5432, protocol: "TCP" }] });
  });

  it("takes its fields back from whoever has set them", async () => {
    for (const make of [deployment, statefulSet])
      for (const { kind, metadata } of manifests(await make(shop)))
        assert.equal(metadata.annotations?.["pulumi.com/patchForce"], "true", kind);
  });

  it("leaves the number of pods to the autoscaler where there is one", async () => {
    const fixed = theManifest(await deployment({ ...shop, replicas: 3 }), "Deployment", "till", scaledSchema);
    assert.equal(fixed.spec.replicas, 3);
    const autoscaling = { minReplicas: 2, maxReplicas: 5 };
    const scaled = await deployment({ ...shop, replicas: 3, autoscaling });
    // The first number, and none of the program's business after that.
    assert.equal(theManifest(scaled, "Deployment", "till", scaledSchema).spec.replicas, 3);
    const { ignoreChanges } = theResource(scaled, "kubernetes:apps/v1:Deployment", "till");
    assert.deepEqual(ignoreChanges, ["spec.replicas"]);
    const scaler = theManifest(
      scaled,
      "HorizontalPodAutoscaler",
      "till",
      z.looseObject({
        metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
        spec: z.looseObject({}),
      }),
    );
    assert.equal(scaler.metadata.annotations["validations.keda.sh/hpa-ownership"], "false");
    assert.deepEqual(scaler.spec["scaleTargetRef"], {
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "till",
    });
    assert.equal(scaler.spec["maxReplicas"], 5);
  });

  it("replaces its pods when configuration changes, and only then", async () => {
    const before = await checksum({ volumes: { config: { files: { "a.conf": "x", "b.conf": "y" } } } });
    assert.ok(before);
    assert.equal(
      await checksum({ volumes: { config: { files: { "b.conf": "y", "a.conf": "x" } } } }),
      before,
    );
    assert.notEqual(
      await checksum({ volumes: { config: { files: { "a.conf": "z", "b.conf": "y" } } } }),
      before,
    );
    assert.notEqual(await checksum({ volumes: { config: { secretFiles: { "a.conf": "x" } } } }), before);
    assert.notEqual(await checksum({ rollOn: "1" }), await checksum({ rollOn: "2" }));
    assert.equal(await checksum({}), undefined);
  });

  it("keeps secret files in a Secret that the engine encrypts", async () => {
    const resources = await deployment({
      ...shop,
      volumes: { keys: { secretFiles: { "access.key": pulumi.secret("open sesame") } } },
    });
    const revealing = resources.filter(({ inputs }) => JSON.stringify(inputs).includes("open sesame"));
    assert.deepEqual(
      revealing.map(({ type, name, secrets }) => [type, name, secrets]),
      [["kubernetes:core/v1:Secret", "till-keys", ["stringData"]]],
    );
  });

  it("takes from the environment what the environment decides", async () => {
    const resources = await deployment({
      ...shop,
      defaults: {
        nodeSelector: { disk: "fast" },
        tolerations: [{ key: "shop", operator: "Exists" }],
        labels: { team: "tills" },
        annotations: { contact: "tills@example.org" },
        priorityClassName: "shop-high",
        imagePullSecrets: ["registry"],
        imagePullPolicy: "IfNotPresent",
      },
    });
    const [pod] = podTemplates(resources);
    assert.deepEqual(pod?.template.spec["nodeSelector"], { disk: "fast" });
    assert.deepEqual(pod.template.spec["tolerations"], [{ key: "shop", operator: "Exists" }]);
    assert.deepEqual(pod.template.spec["imagePullSecrets"], [{ name: "registry" }]);
    assert.equal(pod.template.spec["priorityClassName"], "shop-high");
    assert.equal(pod.template.spec.containers[0]?.imagePullPolicy, "IfNotPresent");
    for (const object of manifests(resources)) {
      assert.equal(object.metadata.labels?.["team"], "tills", object.kind);
      assert.equal(object.metadata.annotations?.["contact"], "tills@example.org", object.kind);
    }
  });

  it("mounts a token only where the API is called", async () => {
    const volumes = async (args: DeploymentWorkloadArgs): Promise<string[]> =>
      podTemplates(await deployment(args)).flatMap(({ template }) =>
        template.spec.volumes.map(({ name }) => name),
      );
    assert.deepEqual(await volumes(shop), ["tmp"]);
    assert.deepEqual(await volumes({ ...shop, apiAccess: true }), ["tmp", "kube-api-access"]);
  });

  it("refuses what can't work: root, foreign volumes, unknown and doubled ports", async () => {
    const [container] = shop.containers;
    assert.ok(container);
    const cases: [Partial<DeploymentWorkloadArgs>, RegExp][] = [
      [{ userId: 0 }, /never run as root/],
      [
        { containers: [{ ...container, mounts: [{ volume: "data", path: "/x" }] }] },
        /mounts data, which is neither/,
      ],
      [{ containers: [{ ...container, probes: { liveness: tcpProbe("grpc") } }] }, /names port grpc/],
      [{ containers: [container, { ...container, name: "twin" }] }, /port http is declared twice/],
      [{ services: [{ ports: ["grpc"] }] }, /no container declares a port grpc/],
    ];
    for (const [args, message] of cases) {
      await assert.rejects(
        deploy(() => new DeploymentWorkload("till", { ...shop, ...args })),
        message,
      );
    }
  });

  it("lets its caller have the last word on every object", async () => {
    const resources = await deployment({
      ...shop,
      transform: {
        deployment: { metadata: { name: "till", labels: { team: "tills" } } },
        service: (args, name) => ({ ...args, metadata: { name: `${name}-front` } }),
      },
    });
    const [deployed] = manifests(resources).filter(({ kind }) => kind === "Deployment");
    assert.equal(deployed?.metadata.labels?.["team"], "tills");
    assert.equal(deployed.metadata.labels["app.kubernetes.io/instance"], "till");
    assert.equal(manifests(resources).find(({ kind }) => kind === "Service")?.metadata.name, "till-front");
  });
});
