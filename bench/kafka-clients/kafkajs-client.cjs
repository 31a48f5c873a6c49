"use strict";

/** Confluent's client takes the settings of kafkajs below a key of their own. */
function settingsFor(packageName) {
  return packageName === "kafkajs" ? (settings) => settings : (settings) => ({ kafkaJS: settings });
}

/** See kafkajs-client.d.cts. */
exports.kafkajsClient = function kafkajsClient(packageName, { brokers, username, password }) {
  const library = require(packageName);
  const isKafkajs = packageName === "kafkajs";
  const { Kafka, logLevel } = library.KafkaJS ?? library;
  const asSettings = settingsFor(packageName);
  const kafka = new Kafka(
    asSettings({
      clientId: "bench",
      brokers: [...brokers],
      ssl: false,
      sasl: { mechanism: "scram-sha-512", username, password },
      logLevel: logLevel.NOTHING,
    }),
  );

  async function consumer(settings, topic) {
    const opened = kafka.consumer(asSettings({ sessionTimeout: 6_000, ...settings }));
    await opened.connect();
    await opened.subscribe(isKafkajs ? { topics: [topic], fromBeginning: true } : { topics: [topic] });
    return opened;
  }

  return {
    async producer(topic) {
      const producer = kafka.producer(
        asSettings({ idempotent: true, maxInFlightRequests: 1, acks: -1, allowAutoTopicCreation: false }),
      );
      await producer.connect();
      return {
        send: async (messages) => {
          await producer.send({ topic, messages: [...messages], ...(isKafkajs ? { acks: -1 } : {}) });
        },
        close: () => producer.disconnect(),
      };
    },

    async read(topic, groupId, onMessages) {
      const reader = await consumer({ groupId, ...(isKafkajs ? {} : { fromBeginning: true }) }, topic);
      await reader.run({
        eachBatch: async ({ batch }) => {
          onMessages(batch.messages.length);
        },
      });
      return { close: () => reader.disconnect() };
    },

    async copy({ group, member, from, to }) {
      const producer = kafka.producer(
        asSettings({
          transactionalId: `${group}.${member}`,
          idempotent: true,
          maxInFlightRequests: 1,
          transactionTimeout: 10_000,
        }),
      );
      await producer.connect();
      const reader = await consumer(
        {
          groupId: group,
          readUncommitted: false,
          ...(isKafkajs ? {} : { fromBeginning: true, autoCommit: false }),
        },
        from,
      );
      await reader.run({
        ...(isKafkajs ? { autoCommit: false } : {}),
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
          for (let start = 0; start < batch.messages.length; start += 500) {
            if (!isRunning() || isStale()) return;
            const part = batch.messages.slice(start, start + 500);
            const last = part[part.length - 1].offset;
            const transaction = await producer.transaction();
            try {
              await transaction.send({ topic: to, messages: part.map(({ key, value }) => ({ key, value })) });
              const topics = [
                {
                  topic: from,
                  partitions: [{ partition: batch.partition, offset: String(BigInt(last) + 1n) }],
                },
              ];
              await transaction.sendOffsets(
                isKafkajs ? { consumerGroupId: group, topics } : { consumer: reader, topics },
              );
              await transaction.commit();
            } catch (error) {
              await transaction.abort();
              throw error;
            }
            resolveOffset(last);
            await heartbeat();
          }
        },
      });
      return {
        close: async () => {
          await reader.disconnect();
          await producer.disconnect();
        },
      };
    },
  };
};
