import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const topicInputs = z.object({ name: z.string() });
const names = z.array(z.string());
const recordInputs = z.object({ input: names });

/**
 * Sees when topics would be made that the stack has made before: they were deleted in Kafka, and with them their messages.
 * A refresh forgets such a topic, and without this the next update would make an empty one without a word. What was made
 * is told by a record that comes after the topics, so that one which could not be made is not in it; its hooks and
 * the topics' run in previews, too.
 */
export class MadeTopics {
  private readonly creations = new Set<string>();
  private recordedBefore: readonly string[] | undefined;
  /** For topics. */
  readonly topicHooks: pulumi.ResourceHookBinding;
  /** For the record, whose input is the sorted names of the topics. */
  readonly recordHooks: pulumi.ResourceHookBinding;

  /**
   * @param record - logical name of the record, which is unique in a program
   */
  constructor(private readonly record: string) {
    const hook = (name: string, see: (args: pulumi.ResourceHookArgs) => void): pulumi.ResourceHook =>
      new pulumi.ResourceHook(`${record}-${name}`, see, { onDryRun: true });
    this.topicHooks = {
      beforeCreate: [
        hook("creation", ({ newInputs }) => this.creations.add(topicInputs.parse(newInputs).name)),
      ],
    };
    this.recordHooks = {
      // A new record, or one that is replaced since somebody accepts the loss, knows of no topics.
      beforeCreate: [hook("begins", () => (this.recordedBefore = []))],
      beforeUpdate: [
        hook("changes", ({ oldInputs }) => (this.recordedBefore = recordInputs.parse(oldInputs).input)),
      ],
    };
  }

  /**
   * What is to be said of topics that are made again; undefined: there are none.
   *
   * @param recorded - what the record says since it is registered
   */
  finding(recorded: unknown): string | undefined {
    if (this.creations.size === 0) return undefined;
    const before = this.recordedBefore ?? names.parse(recorded);
    const again = [...this.creations].filter((name) => before.includes(name)).sort();
    if (again.length === 0) return undefined;
    return (
      `Topics ${again.join(", ")}: this stack has made them before, and Kafka no longer has them as they were. If they ` +
      "were deleted, their messages are gone: docs/operations.md, Topics that are gone, says how to restore them; to have " +
      `them made empty, type \`pulumi up --refresh --replace '**::${this.record}'\`. If they have more partitions in Kafka ` +
      "than the documents say, write that number there."
    );
  }
}
