import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import { Component, type Transform } from "../../component";
import type { KafkaService } from "../../platform-services";
import { MadeTopics } from "./made-topics";
import { partitionGuard } from "./partition-guard";

/** A topic as it is asked for. */
export interface KafkaTopicSettings {
  readonly name: string;
  readonly partitions: number;
  /** Copies of each partition. @default the cluster's */
  readonly replicationFactor?: number | undefined;
  /** Configuration as Kafka names it (`retention.ms`, …). */
  readonly parameters: Readonly<Record<string, string>>;
  /** What it is there for; `connect`: the state of a Kafka Connect cluster, which is worth nothing without it. */
  readonly purpose?: string | undefined;
}

/** Arguments of {@link KafkaTopics}. */
export interface KafkaTopicsArgs {
  readonly kafka: KafkaService;
  /** Names must differ. */
  readonly topics: readonly KafkaTopicSettings[];
  /** Whether topics stay in Kafka, with all messages, when they leave the stack; Kafka Connect's own never do. */
  readonly retain: boolean;
  readonly transform?: { readonly topic?: Transform<kafka.TopicArgs> };
}

/**
 * Topics that belong together, such as a pipeline's. Their partitions never decrease: Kafka can't, and the provider
 * would delete the topic with all its messages and make a new one. Two locks keep it from that: a guard that fails the
 * preview with a sentence on what to do, and, where no preview is asked, the order of a replacement, by which the new
 * topic would be made first, which Kafka refuses since the name is taken. Topics that were deleted in Kafka are not made
 * anew without a word: where data is retained that is an error, elsewhere a warning.
 */
export class KafkaTopics extends Component {
  private readonly topics: ReadonlyMap<string, kafka.Topic>;

  constructor(name: string, args: KafkaTopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:KafkaTopics", name, opts);
    const partitions = Object.fromEntries(args.topics.map((topic) => [topic.name, topic.partitions]));
    const guard = this.child(
      pulumi.Stash,
      "partitions",
      { input: partitions },
      {
        hooks: { beforeUpdate: [partitionGuard(name)] },
      },
    );
    const made = new MadeTopics(this.childName("topics-made"));
    this.topics = new Map(
      args.topics.map((topic) => [
        topic.name,
        this.child(kafka.Topic, topic.name, topicArgs(args.kafka, topic), {
          provider: args.kafka.provider,
          dependsOn: [guard, ...args.kafka.ready],
          deleteBeforeReplace: false,
          retainOnDelete: args.retain && topic.purpose !== "connect",
          hooks: made.topicHooks,
          transform: args.transform?.topic,
        }),
      ]),
    );
    const record = this.child(
      pulumi.Stash,
      "topics-made",
      { input: Object.keys(partitions).sort() },
      { dependsOn: this.resources(), hooks: made.recordHooks },
    );
    record.input.apply(async (recorded: unknown) => {
      const finding = made.finding(recorded);
      if (finding === undefined) return;
      // A logged error alone would let the preview succeed, and the update go on.
      if (args.retain) throw withoutStack(new pulumi.RunError(finding));
      await pulumi.log.warn(finding, record);
    });
    this.registerOutputs({ topics: Object.keys(partitions).sort() });
  }

  /**
   * Topics to wait for.
   *
   * @param names - which ones; undefined: all
   * @throws Error for a topic that isn't here
   */
  resources(names?: readonly string[]): pulumi.Resource[] {
    return (names ?? [...this.topics.keys()]).map((name) => {
      const topic = this.topics.get(name);
      if (topic === undefined) throw new Error(`${this.logicalName} has no topic ${name}`);
      return topic;
    });
  }
}

function topicArgs(service: KafkaService, topic: KafkaTopicSettings): kafka.TopicArgs {
  return {
    name: topic.name,
    partitions: topic.partitions,
    replicationFactor: topic.replicationFactor ?? service.defaultReplicationFactor,
    config: { ...topic.parameters },
  };
}

/** Of what is thrown while an output is applied, Pulumi prints the stack, which tells a user nothing. */
function withoutStack(error: pulumi.RunError): pulumi.RunError {
  return Object.assign(error, { stack: error.message });
}
