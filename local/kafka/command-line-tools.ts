import { join } from "node:path";
import { writePrivate } from "../files";
import type { Layout } from "../layout";
import { shellQuote } from "../shell-quote";
import { clientPropertiesFile, javaArguments, type KafkaConnection } from "./broker";

/** Kafka's own tools: the class, and the option by which each takes the settings to log in with. */
const tools = {
  "kafka-acls": { main: "org.apache.kafka.tools.AclCommand", settings: "--command-config" },
  "kafka-configs": { main: "kafka.admin.ConfigCommand", settings: "--command-config" },
  "kafka-console-consumer": {
    main: "org.apache.kafka.tools.consumer.ConsoleConsumer",
    settings: "--command-config",
  },
  "kafka-console-producer": { main: "org.apache.kafka.tools.ConsoleProducer", settings: "--command-config" },
  "kafka-consumer-groups": {
    main: "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    settings: "--command-config",
  },
  "kafka-topics": { main: "org.apache.kafka.tools.TopicCommand", settings: "--command-config" },
} as const;

/** Writes one program for each of Kafka's tools that already knows the broker and logs in as its administrator. */
export function writeKafkaTools(layout: Layout, java: string, jars: string, kafka: KafkaConnection): void {
  for (const [name, { main, settings }] of Object.entries(tools)) {
    const words = [java, "-Xmx256m", ...javaArguments(jars), main];
    const login = [
      "--bootstrap-server",
      kafka.bootstrapServers.join(","),
      settings,
      clientPropertiesFile(layout),
    ];
    const command = [...words, ...login].map(shellQuote).join(" ");
    writePrivate(join(layout.bin, name), `#!/bin/sh\nexec ${command} "$@"\n`, 0o700);
  }
}
