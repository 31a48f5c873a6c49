import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "../configuration/read-config";
import { readEnvironment, type Environment } from "../configuration/read-environment";

/** Where Kafka is, and who the service is there. */
export interface KafkaSettings {
  /** `host:port` of brokers. */
  readonly brokers: readonly string[];
  /** PEM of the authority that signed the brokers' certificates, or `true` for the public ones; undefined: no TLS. */
  readonly tls: string | true | undefined;
  /** Undefined: the service does not log in. */
  readonly login: KafkaLogin | undefined;
  /** Undefined: the service reads no topics. */
  readonly consumerGroup: string | undefined;
  /** Name of the pod: tells the instances of a service apart. */
  readonly instance: string;
}

/** How a service logs in. */
export interface KafkaLogin {
  readonly mechanism: "SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN";
  readonly username: string;
  readonly password: string;
}

const mechanisms = {
  "scram-sha-512": "SCRAM-SHA-512",
  "scram-sha-256": "SCRAM-SHA-256",
  plain: "PLAIN",
} as const;
const text = z.string().min(1, "expected some text");

const environmentSchema = z.object({
  KAFKA_BROKERS: text.transform((list) => list.split(",").map((broker) => broker.trim())),
  KAFKA_TLS: z.enum(["true", "false"], "expected true or false").default("false"),
  KAFKA_TLS_CA_LOCATION: text.optional(),
  KAFKA_AUTH_TYPE: z
    .enum(
      ["none", "scram-sha-512", "scram-sha-256", "plain"],
      "expected scram-sha-512, scram-sha-256, plain or none",
    )
    .default("none"),
  KAFKA_AUTH_USERNAME: text.optional(),
  KAFKA_AUTH_PASSWORD: text.optional(),
  KAFKA_CONSUMER_GROUP: text.optional(),
  INSTANCE_NAME: text.default("local"),
});

/**
 * Reads what a pod's environment says of Kafka.
 *
 * @throws ConfigError that names every variable that is missing or wrong, and never shows a password
 */
export function kafkaSettings(environment: Environment): KafkaSettings {
  const variables = readEnvironment(environmentSchema, environment);
  return {
    brokers: variables.KAFKA_BROKERS,
    tls: variables.KAFKA_TLS === "true" ? authority(variables.KAFKA_TLS_CA_LOCATION) : undefined,
    login: login(variables),
    consumerGroup: variables.KAFKA_CONSUMER_GROUP,
    instance: variables.INSTANCE_NAME,
  };
}

function authority(file: string | undefined): string | true {
  if (file === undefined) return true;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError([
      `KAFKA_TLS_CA_LOCATION: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

function login(variables: z.output<typeof environmentSchema>): KafkaLogin | undefined {
  const { KAFKA_AUTH_TYPE: type, KAFKA_AUTH_USERNAME: username, KAFKA_AUTH_PASSWORD: password } = variables;
  if (type === "none") return undefined;
  if (username !== undefined && password !== undefined) {
    return { mechanism: mechanisms[type], username, password };
  }
  const missing = [
    ...(username === undefined ? ["KAFKA_AUTH_USERNAME"] : []),
    ...(password === undefined ? ["KAFKA_AUTH_PASSWORD"] : []),
  ];
  throw new ConfigError(missing.map((name) => `${name}: missing, and KAFKA_AUTH_TYPE is ${type}`));
}
