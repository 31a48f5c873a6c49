import type { BaseOptions } from "@platformatic/kafka";
import type { KafkaSettings } from "./kafka-settings";

/** What every client of Kafka is given: producers, consumers and administrators add their own. */
export type KafkaConnectionOptions = Pick<
  BaseOptions,
  "clientId" | "bootstrapBrokers" | "connectTimeout" | "requestTimeout" | "tls" | "tlsServerName" | "sasl"
>;

/** How a service connects to Kafka: the one place that knows the library's names for it. */
export function kafkaConnection({ brokers, tls, login, instance }: KafkaSettings): KafkaConnectionOptions {
  return {
    clientId: instance,
    bootstrapBrokers: [...brokers],
    connectTimeout: 5_000,
    requestTimeout: 30_000,
    ...(tls === undefined ? {} : { tls: tls === true ? {} : { ca: tls }, tlsServerName: true }),
    ...(login === undefined ? {} : { sasl: { ...login } }),
  };
}
