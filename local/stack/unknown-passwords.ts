import { z } from "zod";
import { userType } from "./identifiers";
import type { StackState, StateResource } from "./stack-state";

const known = z.object({
  password: z.unknown().refine((password) => password !== undefined && password !== ""),
});

/**
 * A state of which each user of Kafka has a password. Kafka tells nobody's, events tell no secrets, and its provider
 * refuses to look for a user without one; the next update sets the real one.
 *
 * @returns the same state if none lacks one
 */
export function withPasswords(state: StackState): StackState {
  if (!lacksPasswords(state)) return state;
  const resources = state.deployment.resources?.map(withPassword);
  return { ...state, deployment: { ...state.deployment, resources } };
}

/** Whether a state has a user of Kafka without a password. */
export function lacksPasswords({ deployment }: StackState): boolean {
  return (deployment.resources ?? []).some(lacksPassword);
}

function withPassword(resource: StateResource): StateResource {
  if (!lacksPassword(resource)) return resource;
  return {
    ...resource,
    inputs: { ...z.looseObject({}).catch({}).parse(resource.inputs), password: "not recorded" },
  };
}

function lacksPassword({ type, inputs }: StateResource): boolean {
  return type === userType && !known.safeParse(inputs).success;
}
