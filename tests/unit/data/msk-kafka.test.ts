import assert from "node:assert/strict";
import { z } from "zod";
import { AwsAccount } from "../../../components/aws/aws-account";
import { KafkaIdentity } from "../../../components/data/kafka/kafka-identity";
import { KafkaTopics } from "../../../components/data/kafka/kafka-topics";
import type { MskKafkaArgs } from "../../../components/data/kafka/msk-cluster-args";
import { MskKafka } from "../../../components/data/kafka/msk-kafka";
import { awsResources, theAwsResource } from "../../harness/aws-resources";
import { deploy, settle, type Deployed } from "../../harness/deploy";
import { theResource } from "../../harness/manifests";
import { awsSettings } from "../../harness/managed-settings";

function msk(args: Partial<MskKafkaArgs> = {}): Promise<Deployed<MskKafka>> {
  return deploy(() => makeMsk(args));
}

function makeMsk(args: Partial<MskKafkaArgs> = {}): MskKafka {
  return new MskKafka("kafka", {
    account: new AwsAccount("aws", { ...awsSettings, retainData: true }),
    brokers: 3,
    kafkaVersion: "4.1.x.kraft",
    instanceType: "kafka.m7g.large",
    volumeSize: 100,
    maxVolumeSize: 1000,
    logRetentionDays: 30,
    retainData: true,
    ...args,
  });
}

const keyArn = "arn:aws:aws:kms/key:Key:aws-key";

describe("MskKafka", () => {
  it("has its brokers in three zones, encrypted, private, and logged", async () => {
    const { resources } = await msk({ brokers: 6 });
    const { inputs } = theAwsResource(resources, "msk/cluster:Cluster");
    assert.equal(inputs["clusterName"], "acme-prod-kafka");
    assert.equal(inputs["numberOfBrokerNodes"], 6);
    assert.deepEqual(inputs["brokerNodeGroupInfo"], {
      instanceType: "kafka.m7g.large",
      clientSubnets: ["subnet-0a", "subnet-0b", "subnet-0c"],
      securityGroups: ["kafka-id"],
      connectivityInfo: { publicAccess: { type: "DISABLED" } },
      storageInfo: { ebsStorageInfo: { volumeSize: 100 } },
    });
    assert.deepEqual(inputs["encryptionInfo"], {
      encryptionAtRestKmsKeyArn: keyArn,
      encryptionInTransit: { clientBroker: "TLS", inCluster: true },
    });
    assert.deepEqual(inputs["loggingInfo"], {
      brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: "/algorun/acme-prod-kafka" } },
    });
    assert.equal(theAwsResource(resources, "cloudwatch/logGroup:LogGroup").inputs["kmsKeyId"], keyArn);
  });

  it("lets nobody in without a name, and nobody do anything without an ACL", async () => {
    const { resources } = await msk();
    const { inputs } = theAwsResource(resources, "msk/cluster:Cluster");
    assert.deepEqual(inputs["clientAuthentication"], {
      sasl: { scram: true, iam: true },
      unauthenticated: false,
    });
    const configuration = theAwsResource(resources, "msk/configuration:Configuration");
    assert.deepEqual(z.string().parse(configuration.inputs["serverProperties"]).trim().split("\n"), [
      "allow.everyone.if.no.acl.found=false",
      "auto.create.topics.enable=false",
      "default.replication.factor=3",
      "min.insync.replicas=2",
      "offsets.topic.replication.factor=3",
      "transaction.state.log.min.isr=2",
      "transaction.state.log.replication.factor=3",
      "unclean.leader.election.enable=false",
    ]);
    assert.deepEqual(inputs["configurationInfo"], {
      arn: arnOf("msk/configuration:Configuration", "kafka"),
      revision: 1,
    });
  });

  it("is administered as an identity of IAM, and there is no password that could", async () => {
    const { resources, result } = await msk();
    const { inputs } = theResource(resources, "pulumi:providers:kafka", "kafka");
    assert.deepEqual(inputs, {
      bootstrapServers: '["b-1.kafka.example:9098","b-2.kafka.example:9098","b-3.kafka.example:9098"]',
      saslMechanism: "aws-iam",
      saslAwsRegion: "eu-central-1",
      tlsEnabled: "true",
      skipTlsVerify: "false",
    });
    assert.deepEqual(awsResources(resources, "secretsmanager/secret:Secret"), []);
    const administratorRoleArn = "arn:aws:iam::123456789012:role/kafka-administrator";
    const asRole = theResource(
      (await msk({ administratorRoleArn })).resources,
      "pulumi:providers:kafka",
      "kafka",
    );
    assert.equal(asRole.inputs["saslAwsRoleArn"], administratorRoleArn);
    assert.equal(result.securityProtocol, "SASL_SSL");
  });

  it("is the same service to pods as any other Kafka", async () => {
    const { result } = await msk();
    assert.equal(
      await settle(result.bootstrapServers),
      "b-1.kafka.example:9096,b-2.kafka.example:9096,b-3.kafka.example:9096",
    );
    assert.equal(result.saslMechanism, "SCRAM-SHA-512");
    assert.equal(result.caCertificate, undefined);
    assert.equal(result.defaultReplicationFactor, 3);
    assert.deepEqual(result.address, {
      peers: ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"].map((cidr) => ({ ipBlock: { cidr } })),
      ports: [9096],
    });
  });

  it("grows its volumes by itself, and an update does not take that back", async () => {
    const { resources } = await msk();
    const cluster = theAwsResource(resources, "msk/cluster:Cluster");
    assert.deepEqual(cluster.ignoreChanges, ["brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"]);
    assert.equal(theAwsResource(resources, "appautoscaling/target:Target").inputs["maxCapacity"], 1000);
    const { inputs } = theAwsResource(resources, "appautoscaling/policy:Policy");
    assert.deepEqual(inputs["targetTrackingScalingPolicyConfiguration"], {
      predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
      targetValue: 60,
      disableScaleIn: true,
    });
  });

  it("can't be deleted by mistake, except in dev", async () => {
    for (const retainData of [true, false]) {
      const { resources } = await msk({ retainData });
      assert.equal(theAwsResource(resources, "msk/cluster:Cluster").protect, retainData);
    }
  });

  it("gives its caller the last word", async () => {
    const { resources } = await msk({ transform: { cluster: { enhancedMonitoring: "DEFAULT" } } });
    assert.equal(theAwsResource(resources, "msk/cluster:Cluster").inputs["enhancedMonitoring"], "DEFAULT");
  });

  it("is refused with brokers that three zones can't share", async () => {
    for (const brokers of [0, 2, 4]) {
      await assert.rejects(
        async () => msk({ brokers }),
        /brokers of MSK: found \d, expected a multiple of 3/,
      );
    }
  });
});

describe("a user of MSK", () => {
  async function identity(): Promise<Deployed<KafkaIdentity>> {
    return deploy(() => {
      const kafka = makeMsk();
      new KafkaTopics("topics", {
        kafka,
        topics: [{ name: "orders", partitions: 3, parameters: {} }],
        retain: true,
      });
      return new KafkaIdentity("acme-orders-split", {
        kafka,
        identity: { username: "acme.orders.split", reads: ["orders"], writes: [], consumerGroup: "split" },
        namespace: "acme-orders",
      });
    });
  }

  it("is a secret that MSK knows by its name and reads with the stack's key", async () => {
    const { resources } = await identity();
    const secret = theAwsResource(resources, "secretsmanager/secret:Secret");
    assert.equal(secret.inputs["name"], "AmazonMSK_acme-prod-kafka_acme.orders.split");
    assert.equal(secret.inputs["kmsKeyId"], keyArn);
    assert.equal(secret.inputs["recoveryWindowInDays"], 0);
    const version = theAwsResource(resources, "secretsmanager/secretVersion:SecretVersion");
    assert.deepEqual(version.secrets, ["secretString"]);
    assert.deepEqual(JSON.parse(z.string().parse(version.inputs["secretString"])), {
      username: "acme.orders.split",
      password: "acme-orders-split-result",
    });
    assert.deepEqual(
      resources.filter(({ type }) => type.includes("userScramCredential")),
      [],
    );
  });

  it("is known to the cluster once the secret has its content, and not before", async () => {
    const { resources } = await identity();
    const association = theAwsResource(
      resources,
      "msk/singleScramSecretAssociation:SingleScramSecretAssociation",
    );
    assert.deepEqual(association.inputs, {
      clusterArn: arnOf("msk/cluster:Cluster", "kafka"),
      secretArn: arnOf("secretsmanager/secret:Secret", "acme-orders-split"),
    });
    const version = theAwsResource(resources, "secretsmanager/secretVersion:SecretVersion");
    assert.ok(association.dependencies.includes(version.urn));
  });

  it("has ACLs and topics like everywhere, made through IAM when the cluster is there", async () => {
    const { resources } = await identity();
    const acls = resources.filter(({ type }) => type === "kafka:index/acl:Acl");
    assert.deepEqual(
      acls.map(({ inputs }) => [inputs["aclPrincipal"], inputs["aclOperation"], inputs["aclResourceName"]]),
      [
        ["User:acme.orders.split", "Read", "split"],
        ["User:acme.orders.split", "Read", "orders"],
      ],
    );
    const { urn } = theAwsResource(resources, "msk/cluster:Cluster");
    const topic = theResource(resources, "kafka:index/topic:Topic", "topics-orders");
    for (const { dependencies } of [...acls, topic]) assert.ok(dependencies.includes(urn));
  });

  it("logs in with what its Secret holds", async () => {
    const { resources } = await identity();
    const { inputs } = theResource(resources, "kubernetes:core/v1:Secret", "acme-orders-split");
    const { stringData } = z.looseObject({ stringData: z.record(z.string(), z.string()) }).parse(inputs);
    assert.deepEqual(Object.keys(stringData).sort(), ["jaas-config", "password", "username"]);
    assert.equal(stringData["password"], "acme-orders-split-result");
  });
});

function arnOf(kind: string, name: string): string {
  return `arn:aws:aws:${kind}:${name}`;
}
