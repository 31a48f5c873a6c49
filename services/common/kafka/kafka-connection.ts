import type { BaseOptions } from "@platformatic/kafka";
import type { KafkaSettings } from "./kafka-settings";

/**
 * What every client of Kafka is given: producers, consumers and administrators add their own. Times are stated, in
 * milliseconds: a connection pool takes one that is not for one that is over at once.
 */
export type KafkaConnectionOptions = Pick<
  BaseOptions,
  "clientId" | "bootstrapBrokers" | "tls" | "tlsServerName" | "sasl"
> &
  Required<Pick<BaseOptions, "connectTimeout" | "requestTimeout">>;

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
