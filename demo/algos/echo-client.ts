import { createServer } from "node:http";
import { kafkaConnection, kafkaSettings } from "@algorun/common";
import { Consumer, MessagesStreamModes, Producer } from "@platformatic/kafka";

/** In place of an algo that talks to Kafka itself: writes what it reads to each of its outputs, under the same trace id. */
async function main(): Promise<void> {
  const settings = kafkaSettings(process.env);
  const connection = kafkaConnection(settings);
  const topicsOf = (prefix: string): string[] =>
    Object.entries(process.env).flatMap(([name, topics = ""]) =>
      name.startsWith(prefix) ? topics.split(",") : [],
    );
  const producer = new Producer({ ...connection, autocreateTopics: false });
  const consumer = new Consumer({ ...connection, groupId: settings.consumerGroup ?? "", autocommit: false });
  const outputs = topicsOf("KAFKA_OUTPUT_TOPIC_");
  const messages = await consumer.consume({
    topics: topicsOf("KAFKA_INPUT_TOPIC_"),
    mode: MessagesStreamModes.COMMITTED,
    fallbackMode: "earliest",
    isolationLevel: 1,
  });
  for (const port of process.argv.slice(2).map(Number))
    createServer((_, response) => response.end()).listen(port, process.env["LISTEN_ADDRESS"]);
  process.once("SIGTERM", () => process.exit(0));
  for await (const message of messages) {
    const { key, value, headers } = message;
    await producer.send({ messages: outputs.map((topic) => ({ topic, key, value, headers })), acks: -1 });
    await message.commit();
  }
}

void main();
