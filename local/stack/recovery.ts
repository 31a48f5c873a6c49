import { UserError } from "../user-error";
import { identifierOf, livesInState, topicType } from "./identifiers";
import { plannedCreations } from "./planned-creations";
import type { PulumiStack } from "./stack";
import {
  isUncorrected,
  readState,
  recordedUrns,
  titleOf,
  writeCorrected,
  type StackState,
  type StateResource,
} from "./stack-state";
import { forgetUnfinished } from "./unfinished-update";
import { recordSecrets } from "./unrecorded-secrets";
import { recordExisting } from "./unrecorded-resources";

/**
 * Brings a stack whose update was killed, or whose state is an older one, to where it can be updated. Nothing but its
 * state is changed.
 *
 * @returns what was done, a line each; none if there was nothing to do.
 */
export async function recoverStack(stack: PulumiStack): Promise<readonly string[]> {
  const settledOperations = await settleInterruptedUpdate(stack);
  const planned = await plannedCreations(stack);
  const secrets = await recordSecrets(stack, planned);
  // With them, less is to be made.
  const existing = await recordExisting(
    stack,
    secrets.length === 0 ? planned : await plannedCreations(stack),
  );
  forgetUnfinished(stack);
  return [...settledOperations, ...secrets, ...existing];
}

/**
 * What an update of a stack begins with: settles an interrupted one, and recovers all that an older state does not tell of.
 *
 * @returns what was done, a line each
 */
export async function makeUpdatable(stack: PulumiStack): Promise<readonly string[]> {
  return stack.isOlder === true ? recoverStack(stack) : settleInterruptedUpdate(stack);
}

/**
 * Settles what an update that was killed had begun and not recorded: Pulumi would try to make
 * again what is there already, and fail. What may have been made is put down as made; a refresh
 * then corrects that by what is really there.
 *
 * @returns what became of each operation, a line each; none if no update was interrupted.
 * @throws UserError for what nobody but its provider can find.
 */
export async function settleInterruptedUpdate(stack: PulumiStack): Promise<readonly string[]> {
  const state = await readState(stack);
  const operations = state.deployment.pending_operations ?? [];
  const isComplete = stack.isOlder !== true;
  if (operations.length === 0 && isComplete && !isUncorrected(state)) return [];
  refuseUnknowable(state, stack);
  console.log(
    operations.length === 0
      ? "The state does not tell what the last update did: looking what is there."
      : `The last update was interrupted: looking what became of ${operations.length} operations.`,
  );
  const recorded = await writeCorrected(stack, settled(state));
  const became =
    operations.length === 0 ? ["The state: is corrected by what is there"] : outcomes(state, recorded);
  return [...became, ...lostTopics(state, recorded)];
}

/** The state without pending operations, and with the resources that these may have made. */
export function settled(state: StackState): StackState {
  const { resources, pending_operations: operations } = state.deployment;
  const known = recordedUrns(state);
  const perhapsMade = (operations ?? []).flatMap(({ type, resource }) => {
    const id = type === "creating" && !known.has(resource.urn) ? identifierOf(resource) : undefined;
    return id === undefined ? [] : [{ ...resource, id, outputs: {} }];
  });
  const deployment = {
    ...state.deployment,
    resources: [...(resources ?? []), ...perhapsMade],
    pending_operations: [],
  };
  return { ...state, deployment };
}

/** What became of each operation that a state had pending, by what is recorded since. */
export function outcomes(before: StackState, recorded: ReadonlySet<string>): readonly string[] {
  return (before.deployment.pending_operations ?? []).map(({ type, resource }) => {
    const title = titleOf(resource.urn);
    const isThere = recorded.has(resource.urn);
    switch (type) {
      case "creating":
        return isThere
          ? `${title}: was made, and is recorded now`
          : `${title}: was not made; the next update makes it`;
      case "deleting":
        return isThere
          ? `${title}: was not removed; the next update looks whether it should be`
          : `${title}: was removed`;
      default:
        return `${title}: may be changed in part; the next update completes it`;
    }
  });
}

/** Topics that were recorded, that nobody was about to delete, and that are recorded no more, a line each. */
export function lostTopics({ deployment }: StackState, recorded: ReadonlySet<string>): readonly string[] {
  const deleted = (deployment.pending_operations ?? []).flatMap(({ type, resource }) =>
    type === "deleting" ? [resource.urn] : [],
  );
  return (deployment.resources ?? [])
    .filter(({ type, urn }) => type === topicType && !recorded.has(urn) && !deleted.includes(urn))
    .map(
      ({ urn }) =>
        `${titleOf(urn)}: is gone from Kafka with all its messages; if a document has it, the next update makes it empty`,
    );
}

/** @throws UserError naming what is {@link unknowable} */
function refuseUnknowable(state: StackState, { name }: PulumiStack): void {
  const lines = unknowable(state).map(({ urn }) => `  ${urn}`);
  if (lines.length === 0) return;
  throw new UserError(
    `Only their provider knows whether these were made, and under which identifier. On a terminal type ` +
      `\`pulumi refresh --stack ${name}\`, which asks for it, then \`make recover\` again:\n${lines.join("\n")}`,
  );
}

/**
 * What may have been made under an identifier that only its provider knows: to forget it could make it twice, or leave it
 * behind.
 */
export function unknowable({ deployment }: StackState): readonly StateResource[] {
  return (deployment.pending_operations ?? []).flatMap(({ type, resource }) =>
    type === "creating" && identifierOf(resource) === undefined && !livesInState(resource) ? [resource] : [],
  );
}
