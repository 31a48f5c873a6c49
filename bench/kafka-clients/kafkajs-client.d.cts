import type { ClientUnderTest } from "./client-under-test";
import type { KafkaLogin } from "../../tests/software/kafka-client";

/**
 * A client with the interface of kafkajs: itself, or Confluent's, which has it, too.
 *
 * @throws Error when the package can't be loaded
 */
export function kafkajsClient(
  packageName: "kafkajs" | "@confluentinc/kafka-javascript",
  login: KafkaLogin,
): ClientUnderTest;
