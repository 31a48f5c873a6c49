import { z } from "zod";
import { topicsOf, type KafkaConnection } from "../kafka/broker";
import { UserError } from "../user-error";
import { topicType } from "./identifiers";
import { askPulumi, configFlags, type Stack } from "./stack";
import { readState, type StackState } from "./stack-state";

const topicInputs = z.object({ name: z.string() });

/** A topic that a state records and Kafka no longer has. */
export interface DeletedTopic {
  readonly urn: string;
  readonly name: string;
  /** Whether its messages were to be kept whatever happens: everywhere but in dev. */
  readonly isRetained: boolean;
  /** Logical name of what records that its component has made it; undefined: nothing does. */
  readonly record: string | undefined;
}

/**
 * Topics that a stack's state records and Kafka no longer has, by name.
 *
 * @param present - names of the topics that Kafka has
 */
export function deletedTopics(
  { deployment }: StackState,
  present: readonly string[],
): readonly DeletedTopic[] {
  const resources = deployment.resources ?? [];
  const records = new Map(
    resources.flatMap(({ urn, parent }) => {
      const name = urn.split("::").at(-1) ?? "";
      return name.endsWith("-topics-made") ? [[parent, name] as const] : [];
    }),
  );
  return resources
    .flatMap(({ type, urn, parent, inputs, retainOnDelete }) => {
      const name = type === topicType ? topicInputs.safeParse(inputs).data?.name : undefined;
      if (name === undefined || present.includes(name)) return [];
      return [{ urn, name, isRetained: retainOnDelete === true, record: records.get(parent) }];
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Has topics that were deleted in Kafka made anew by the next update, which would not miss them by itself.
 *
 * @returns a line for each
 * @throws UserError where their messages were to be kept
 */
export async function forgetDeletedTopics(
  stack: Stack,
  connection: KafkaConnection,
): Promise<readonly string[]> {
  const deleted = deletedTopics(await readState(stack), await topicsOf(connection));
  if (deleted.length === 0) return [];
  const retained = deleted.filter(({ isRetained }) => isRetained);
  if (retained.length > 0) throw new UserError(describeLoss(retained, stack.name));
  const targets = deleted.flatMap(({ urn }) => ["--target", urn]);
  const unattended = ["--yes", "--skip-preview", "--stack", stack.name];
  await askPulumi(stack, ["refresh", ...unattended, ...targets, ...configFlags(stack)]);
  return deleted.map(
    ({ name }) => `Topic ${name}: was deleted in Kafka with all its messages; is made anew, empty.`,
  );
}

/** What topics that are gone mean where data is kept, and what to do. */
export function describeLoss(
  topics: readonly Pick<DeletedTopic, "name" | "record">[],
  stack: string,
): string {
  const records = [...new Set(topics.flatMap(({ record }) => record ?? []))];
  const accepted = records.map((record) => ` --replace '**::${record}'`).join("");
  return (
    `Topics ${topics.map(({ name }) => name).join(", ")}: stack ${stack} has made them, and Kafka has them no more: their messages are gone. ` +
    "Nothing was changed. To restore them, make them by hand (`kafka-topics --create`), fill them from your copy, and go on; " +
    `to have them made empty, type \`pulumi up --stack ${stack} --refresh${accepted}\`.`
  );
}
