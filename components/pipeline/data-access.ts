import type * as pulumi from "@pulumi/pulumi";
import type { IdentityPlan } from "../../pipelines/model/plan/plan";
import { kafkaIdentityKeys, type KafkaIdentity } from "../data/kafka/kafka-identity";
import type { KafkaService } from "../platform-services";
import type { ContainerArgs, PodArgs } from "../workload/pod-args";

/** What a container needs in order to use a system of the platform, and what its pod needs for it. */
export type DataAccess = Required<Pick<ContainerArgs, "env" | "secretEnv" | "mounts">> &
  Required<Pick<PodArgs, "volumes">> & {
    /** Changes with the credentials: programs read them once, at their start. */
    readonly rollOn: pulumi.Input<unknown>;
  };

const caFolder = "/etc/algorun/kafka-ca";

/** Kafka for one component: where it is, and who the component is there. */
export function kafkaAccess(
  kafka: KafkaService,
  identity: IdentityPlan,
  { username, secretName, password }: Pick<KafkaIdentity, "username" | "secretName" | "password">,
): DataAccess {
  const { caCertificate } = kafka;
  const caFile = kafkaIdentityKeys.caCertificate;
  return {
    env: {
      KAFKA_BROKERS: kafka.bootstrapServers,
      KAFKA_TLS: String(kafka.securityProtocol === "SASL_SSL"),
      KAFKA_AUTH_TYPE: kafka.saslMechanism.toLowerCase(),
      KAFKA_AUTH_USERNAME: username,
      ...(identity.consumerGroup === undefined ? {} : { KAFKA_CONSUMER_GROUP: identity.consumerGroup }),
      ...(caCertificate === undefined ? {} : { KAFKA_TLS_CA_LOCATION: `${caFolder}/${caFile}` }),
    },
    secretEnv: {
      KAFKA_AUTH_PASSWORD: { secret: secretName, key: kafkaIdentityKeys.password },
    },
    volumes:
      caCertificate === undefined ? {} : { "kafka-ca": { secret: secretName, items: { [caFile]: caFile } } },
    mounts: caCertificate === undefined ? [] : [{ volume: "kafka-ca", path: caFolder }],
    rollOn: [password, caCertificate],
  };
}

/** Access to two systems as one; the second may be missing. */
export function mergeAccess(first: DataAccess, second: DataAccess | undefined): DataAccess {
  if (second === undefined) return first;
  return {
    env: { ...first.env, ...second.env },
    secretEnv: { ...first.secretEnv, ...second.secretEnv },
    volumes: { ...first.volumes, ...second.volumes },
    mounts: [...first.mounts, ...second.mounts],
    rollOn: [first.rollOn, second.rollOn],
  };
}
