import { z } from "zod";
import { parseJson } from "../files";
import { until } from "../process/until";
import { UserError } from "../user-error";
import { askPulumi, configFlags, type PulumiStack } from "./stack";
import { lacksPasswords, withPasswords } from "./unknown-passwords";

const text = z.string().min(1);

/** A resource as Pulumi's state holds it; what is not named here is passed on as it is. */
export const resourceSchema = z.looseObject({
  urn: text,
  type: text,
  /** Whether it is a provider's; a component is the engine's own. */
  custom: z.boolean().optional(),
  id: z.string().optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  inputs: z.unknown().optional(),
  outputs: z.looseObject({}).optional(),
});

/** A resource as Pulumi's state holds it. */
export type StateResource = z.infer<typeof resourceSchema>;

/** A stack's state as `pulumi stack export` prints it. */
export const stateSchema = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(resourceSchema).nullish(),
    pending_operations: z.array(z.looseObject({ type: text, resource: resourceSchema })).nullish(),
  }),
});

/** A stack's state as `pulumi stack export` prints it, its secrets encrypted. */
export type StackState = z.infer<typeof stateSchema>;

/** Reads the state of a stack. */
export async function readState(stack: PulumiStack): Promise<StackState> {
  const exported = await askPulumi(stack, ["stack", "export", "--stack", stack.name]);
  return parseJson(exported, stateSchema, "The state of the stack");
}

/** Puts a state in the place of a stack's own. */
export async function replaceState(stack: PulumiStack, state: StackState): Promise<void> {
  await askPulumi(stack, ["stack", "import", "--stack", stack.name], JSON.stringify(state));
}

/** Longest wait for the end of what Kubernetes is deleting, in milliseconds: a namespace takes seconds, volumes a minute. */
const patience = 180_000;

/**
 * Puts a state in the place of a stack's own, and lets a refresh correct it by what is really there. What Kubernetes is
 * deleting is waited for: an update would take it for there.
 *
 * @returns URNs of what is recorded since.
 * @throws UserError if the deletion of something does not end.
 */
export async function writeCorrected(stack: PulumiStack, state: StackState): Promise<ReadonlySet<string>> {
  const selected = ["--stack", stack.name];
  let corrected = withPasswords(state);
  await replaceState(stack, corrected);
  const isSettled = await until(async () => {
    await askPulumi(stack, ["refresh", "--yes", "--skip-preview", ...selected, ...configFlags(stack)]);
    const found = await readState(stack);
    corrected = withPasswords(found);
    // What was put down has no password after its first refresh, and the next one, whoever types it, would fail.
    if (corrected !== found) await replaceState(stack, corrected);
    return endingIn(corrected).length === 0;
  }, patience);
  if (isSettled) return recordedUrns(corrected);
  throw new UserError(
    `Kubernetes has not finished deleting: ${endingIn(corrected).map(titleOf).join(", ")}. ` +
      "See what holds it (`kubectl describe`), then type `make recover` again.",
  );
}

const ending = z.object({ metadata: z.object({ deletionTimestamp: text }) });

/** URNs of the objects that Kubernetes is deleting. */
export function endingIn({ deployment }: StackState): readonly string[] {
  return (deployment.resources ?? [])
    .filter(({ outputs }) => ending.safeParse(outputs).success)
    .map(({ urn }) => urn);
}

/** Whether a state was put down and not corrected yet, since whoever did so was killed in turn. */
export function isUncorrected(state: StackState): boolean {
  const isUnread = ({ id, type, outputs = {} }: StateResource): boolean =>
    id !== undefined && !type.startsWith("pulumi:") && Object.keys(outputs).length === 0;
  return (
    endingIn(state).length > 0 || lacksPasswords(state) || (state.deployment.resources ?? []).some(isUnread)
  );
}

/** URNs of what a state records. */
export function recordedUrns({ deployment }: StackState): ReadonlySet<string> {
  return new Set(deployment.resources?.map(({ urn }) => urn));
}

/** What a user calls a resource: `Topic orders`. */
export function titleOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split(":").at(-1) ?? ""} ${name.join("::")}`;
}
