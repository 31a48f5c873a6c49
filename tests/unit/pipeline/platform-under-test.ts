import * as kafka from "@pulumi/kafka";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkAddress, PlatformServices } from "../../../components/platform-services";
import type { SharedFolder } from "../../../components/workload/shared-files";
import { createScramUser } from "../../../components/data/kafka/scram-user";
import { podsOf } from "../../../components/workload/network-policy";

/** Where each system of the platform under test is: pods of its own name in the namespace `platform`. */
export function addressOf(system: string, port: number): NetworkAddress {
  return { peers: [podsOf(system, "platform")], ports: [port] };
}

function folderUnderTest(name: string): SharedFolder {
  const configMaps = [`${name}-0`, `${name}-1`].map((part) => pulumi.output(part));
  return { namespace: pulumi.output("platform"), configMaps };
}

/** A platform that makes no system, and a bucket that is one resource and a key. */
export function platformUnderTest(changes: Partial<PlatformServices> = {}): PlatformServices {
  const provider = new kafka.Provider("kafka", { bootstrapServers: ["kafka.example:9093"] });
  const saslMechanism = "SCRAM-SHA-512";
  return {
    kafka: {
      provider,
      bootstrapServers: pulumi.output("kafka.platform.svc:9092"),
      securityProtocol: "SASL_SSL",
      saslMechanism,
      caCertificate: pulumi.output("-----BEGIN CERTIFICATE-----"),
      brokerCount: 3,
      defaultReplicationFactor: 3,
      address: addressOf("kafka", 9092),
      ready: [],
      createUser: (name, user, opts) => createScramUser({ provider, saslMechanism }, name, user, opts),
    },
    objectStorage: {
      endpoint: pulumi.output("http://storage.platform.svc:9000"),
      region: "us-east-1",
      address: addressOf("storage", 9000),
      createBucket: ({ name }, opts) => {
        const bucket = new k8s.core.v1.ConfigMap(
          `bucket-${name}`,
          { metadata: { name, namespace: "platform" } },
          opts,
        );
        return {
          bucket: pulumi.output(name),
          login: {
            kind: "key",
            accessKeyId: pulumi.output("key-of-the-bucket"),
            secretAccessKey: pulumi.secret("secret-of-the-bucket"),
          },
          ready: [bucket],
        };
      },
    },
    gateway: {
      hostname: "algorun.example",
      tls: true,
      httpAddress: pulumi.output("https://algorun.example"),
      grpcAddress: pulumi.output("algorun.example:443"),
      address: addressOf("edge", 8080),
      ready: [],
    },
    mediaStreams: {
      publishAddress: pulumi.output("rtmp://media.example:1935/live"),
      internalAddress: pulumi.output("rtmp://media.platform.svc:1935/live"),
      address: addressOf("media", 1935),
      streamKey: ({ right, stream }) => pulumi.secret(`${stream}?key=to-${right}`),
    },
    observability: {
      scrapeAnnotations: (port, path) => ({
        "scrape.example/port": String(port),
        "scrape.example/path": path,
      }),
      address: addressOf("metrics", 9090),
      ruleFiles: folderUnderTest("rules"),
      dashboards: folderUnderTest("dashboards"),
      kafkaUsers: ["watcher"],
      dashboardAddress: (uid) => pulumi.output(`http://dashboards.example/d/${uid}`),
    },
    registry: {
      images: {
        gateway: "registry.example/algorun/gateway:1.0.0",
        runner: "registry.example/algorun/runner:1.0.0",
        hookRunner: "registry.example/algorun/hook-runner:1.0.0",
      },
      pullSecret: undefined,
    },
    ...changes,
  };
}
