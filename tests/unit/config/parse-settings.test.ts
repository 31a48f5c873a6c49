import assert from "node:assert/strict";
import { parseSettings } from "../../../config/parse-settings";
import { exampleAuthority } from "../../harness/example-authority";

/** The message that a user reads. */
function messageOf(values: Readonly<Record<string, unknown>>): string {
  try {
    parseSettings(values);
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
  throw new assert.AssertionError({ message: "the settings were accepted" });
}

describe("config of a stack", () => {
  it("is complete without any key", () => {
    const settings = parseSettings({});
    assert.equal(settings.environment, "prod");
    assert.equal(settings.namespace, "algorun");
    assert.deepEqual(settings.documents, ["pipelines/documents"]);
    assert.deepEqual(settings.kafka, { mode: "cluster", controllers: 3, brokers: 3, spread: "preferred" });
    assert.equal(settings.objectStorage.engine, "minio");
    assert.equal(settings.ambassador.serviceType, "LoadBalancer");
  });

  it("names the nearest key beside an unknown one", () => {
    assert.equal(
      messageOf({ namspace: "x" }),
      'The stack\'s config has a mistake:\n  algorun:namspace: no such key; did you mean "namespace"?',
    );
  });

  it("names the nearest key inside an object", () => {
    assert.match(
      messageOf({ sql: { engin: "mariadb" } }),
      /algorun:sql\.engin: no such key; did you mean "engine"\?/,
    );
    assert.match(
      messageOf({ kafka: { mode: "cluster", brokrs: 3 } }),
      /algorun:kafka\.brokrs: no such key; did you mean "brokers"\?/,
    );
  });

  it("lists all keys where none is near", () => {
    assert.match(messageOf({ zzzzzzzz: 1 }), /algorun:zzzzzzzz: no such key, expected one of environment, /);
  });

  it("reports every mistake at once", () => {
    const message = messageOf({
      environment: "prd",
      kafka: { mode: "cluster", brokers: 0 },
      pods: { tolerations: [{ efect: "NoSchedule" }] },
      redis: { storageSize: "10 GB" },
    });
    assert.match(message, /^The stack's config has 4 mistakes:\n/);
    assert.match(
      message,
      /algorun:environment: found "prd", expected "dev", "kind", "staging" or "prod"; did you mean "prod"\?/,
    );
    assert.match(message, /algorun:kafka\.brokers: found 0, expected at least 1/);
    assert.match(message, /algorun:pods\.tolerations\[0\]\.efect: no such key; did you mean "effect"\?/);
    assert.match(
      message,
      /algorun:redis\.storageSize: found "10 GB", expected a Kubernetes quantity such as 500m or 10Gi/,
    );
  });

  it("demands of an external Kafka how it is reached", () => {
    const message = messageOf({ kafka: { mode: "external", bootstrapServers: ["broker"] } });
    assert.match(message, /algorun:kafka\.bootstrapServers\[0\]: found "broker", expected host:port/);
    assert.match(message, /algorun:kafka\.administration: is missing, expected a mapping/);
    assert.match(message, /algorun:kafka\.addressBlocks: is missing, expected a list/);
  });

  it("takes an authority only as certificates, of which there may be several", () => {
    const issuer = { name: "own" };
    const stated = (caCertificate: string): unknown =>
      parseSettings({ certificates: { issuer, caCertificate } }).certificates;
    const both = `${exampleAuthority}\n${exampleAuthority}`;
    assert.deepEqual(stated(both), { issuer: { name: "own", kind: "ClusterIssuer" }, caCertificate: both });
    const broken = exampleAuthority.replace("MIIB", "MIIA");
    for (const caCertificate of ["ca.pem", "", broken, `${exampleAuthority}${broken}`]) {
      assert.match(
        messageOf({ certificates: { issuer, caCertificate } }),
        /algorun:certificates\.caCertificate: found .*expected certificates as PEM, from -----BEGIN CERTIFICATE-----/s,
      );
    }
    assert.match(
      messageOf({ certificates: { issuer } }),
      /algorun:certificates\.caCertificate: is missing, expected/,
    );
  });

  it("lets clients outside reach Kafka only from networks that it names", () => {
    const addresses = ["127.0.0.1:30094"];
    const external = { type: "NodePort", addresses };
    assert.match(
      messageOf({ kafka: { mode: "cluster", external } }),
      /algorun:kafka\.external\.addressBlocks: is missing, expected a list/,
    );
    assert.match(
      messageOf({ kafka: { mode: "cluster", external: { ...external, addressBlocks: ["10.0.0.0"] } } }),
      /algorun:kafka\.external\.addressBlocks\[0\]: found "10\.0\.0\.0", expected an address block/,
    );
  });

  it("has no GPUs unless it says where they are", () => {
    assert.equal(parseSettings({}).gpu, undefined);
    assert.equal(parseSettings({ gpu: {} }).gpu, undefined);
    assert.deepEqual(parseSettings({ gpu: { nodeSelector: { gpu: "yes" } } }).gpu, {
      resourceName: "nvidia.com/gpu",
      nodeSelector: { gpu: "yes" },
    });
    assert.match(
      messageOf({ gpu: { resourceName: "gpu" } }),
      /algorun:gpu\.resourceName: found "gpu", expected the name/,
    );
  });

  it("says who measures consumers' lag, or that nobody does", () => {
    assert.equal(parseSettings({}).consumerLag, undefined);
    assert.deepEqual(parseSettings({ consumerLag: { source: "keda" } }).consumerLag, {
      source: "keda",
      namespace: "keda",
    });
    assert.deepEqual(parseSettings({ consumerLag: { source: "metric" } }).consumerLag, {
      source: "metric",
      metricName: "kafka_consumergroup_lag",
      groupLabel: "consumergroup",
      topicLabel: "topic",
    });
  });

  it("has no limits of capacity unless it says so", () => {
    assert.deepEqual(parseSettings({}).capacity, {});
    const capacity = {
      eachPipeline: { pods: 40, "requests.cpu": "16" },
      allPipelines: { "limits.memory": "64Gi", "requests.nvidia.com/gpu": 4 },
      eachBroker: { partitions: 2000, storage: "80Gi" },
    };
    assert.deepEqual(parseSettings({ capacity }).capacity, capacity);
  });

  it("names what can be limited beside what can't", () => {
    assert.match(
      messageOf({ capacity: { eachPipeline: { cpu: "4" } } }),
      /algorun:capacity\.eachPipeline\.cpu: found "4", expected a name that a ResourceQuota counts by: pods, /,
    );
    assert.match(
      messageOf({ capacity: { allPipelines: { pods: "many" } } }),
      /algorun:capacity\.allPipelines\.pods: found "many", expected a Kubernetes quantity such as 500m or 10Gi/,
    );
    assert.match(
      messageOf({ capacity: { eachBroker: { partition: 4 } } }),
      /algorun:capacity\.eachBroker\.partition: no such key; did you mean "partitions"\?/,
    );
  });

  it("refuses an image that the platform doesn't run", () => {
    assert.match(messageOf({ images: { postgres: { tag: "17" } } }), /algorun:images\.postgres/);
    assert.deepEqual(parseSettings({ images: { postgresql: { tag: "17.9" } } }).images, {
      postgresql: { tag: "17.9" },
    });
  });

  it("takes images of services by version, by digest, or by both, and nothing that can come to mean another", () => {
    const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
    const name = "registry.example:5000/algorun/gateway";
    for (const image of [`${name}:1.2.3`, `${name}@${digest}`, `${name}:1.2.3@${digest}`, "gateway:1.2.3"])
      assert.equal(parseSettings({ services: { gateway: image } }).services.gateway, image);
    for (const image of [name, "gateway", `${name}@sha256:12`, `${name}:1.2.3 `, `https://${name}:1.2.3`])
      assert.match(
        messageOf({ services: { gateway: image } }),
        /algorun:services\.gateway: .*an image such as/,
      );
    assert.match(
      messageOf({ images: { postgresql: { digest: "12" } } }),
      /algorun:images\.postgresql\.digest: /,
    );
  });
});
