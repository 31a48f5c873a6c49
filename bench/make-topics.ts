import { administer, type KafkaLogin } from "../tests/software/kafka-client";
import { eventually } from "../tests/software/process-group";

/** Makes topics of six partitions, and waits until the broker knows them: the controller is quicker than it. */
export async function makeTopics(login: KafkaLogin, ...topics: readonly string[]): Promise<void> {
  await administer(login, async (admin) => {
    await admin.createTopics({ topics: [...topics], partitions: 6, replicas: 1 });
    await eventually(`the topics ${topics.join(", ")}`, () =>
      admin.metadata({ topics: [...topics], forceUpdate: true }).then(
        (metadata) => topics.every((topic) => metadata.topics.get(topic)?.partitionsCount === 6),
        () => false,
      ),
    );
  });
}
