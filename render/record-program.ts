import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { awsState } from "./aws-state";
import { generatedState, placeholders, type GeneratedValues } from "./generated-values";
import { recordRegistrations, type ResourceRegistration } from "./registrations";
import { withoutSecretMarks } from "./secret-marks";

/** A resource as the program registered it. */
export interface RegisteredResource extends ResourceRegistration {
  /** Type token, such as `kubernetes:apps/v1:Deployment` or `algorun:backend:Redis`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Whether a provider makes it; false for components. */
  readonly custom: boolean;
  /** Arguments in clear, as plain data. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of the arguments that hold a secret anywhere, sorted. */
  readonly secrets: readonly string[];
}

/** What a program made. */
export interface RecordedProgram<Result> {
  readonly result: Result;
  /** Everything that was registered, sorted by type and name: the order of arrival means nothing. */
  readonly resources: readonly RegisteredResource[];
}

/** How the engine is played. */
export interface RecordingOptions {
  /** Whether outputs that only a provider knows are unknown. @default false */
  readonly preview?: boolean;
  /** Stack name. @default "test" */
  readonly stack?: string;
  /** What stands for passwords and other values that Pulumi generates. @default their names */
  readonly generated?: GeneratedValues;
  /** What other stacks show to a StackReference, by their names as it states them. @default there is no other stack */
  readonly stacks?: Readonly<Record<string, StackOutputs>>;
}

/** Outputs of a stack, in clear. Each counts as a secret. */
export type StackOutputs = Readonly<Record<string, unknown>>;

/** As in a stack of Pulumi's own backends for files. */
const organization = "organization";

const stackReferenceType = "pulumi:pulumi:StackReference";

/**
 * Runs a program against an engine that records what is registered and makes nothing. One at a time: the engine is one
 * for the process.
 *
 * @param program - makes resources; its result is handed back
 * @throws whatever the program throws; Error when it asks a provider for data
 */
export async function recordProgram<Result>(
  program: () => Result | Promise<Result>,
  options: RecordingOptions = {},
): Promise<RecordedProgram<Result>> {
  const resources: RegisteredResource[] = [];
  const generated = options.generated ?? placeholders;
  const mocks: pulumi.runtime.Mocks = {
    newResource: (args) => {
      const { type, name } = args;
      if (type === stackReferenceType) return stackReference(args.id ?? "", options.stacks ?? {});
      const marked = z.record(z.string(), z.unknown()).parse(args.inputs);
      const { value: inputs, secrets } = withoutSecretMarks(marked);
      const registration = registrations.of(type, name);
      resources.push({ type, name, custom: args.custom ?? true, inputs, secrets, ...registration });
      const state = {
        ...marked,
        ...loadBalancerState(inputs),
        ...(type.startsWith("aws:") && awsState(type, name)),
        ...generatedState(type, name, inputs, generated),
      };
      return { id: `${name}-id`, state };
    },
    call: ({ token }) => {
      throw new Error(`the program asked a provider for ${token}, which no spec expects`);
    },
  };
  await pulumi.runtime.setMocks(
    mocks,
    "algorun",
    options.stack ?? "test",
    options.preview ?? false,
    organization,
  );
  const registrations = recordRegistrations(pulumi.runtime.getMonitor());
  const result = await program();
  await pulumi.runtime.disconnect();
  return { result, resources: resources.sort(byTypeAndName) };
}

/** What the engine reads of another stack; nothing is registered. */
function stackReference(name: string, stacks: NonNullable<RecordingOptions["stacks"]>): Read {
  const outputs = stacks[name];
  if (outputs === undefined) throw new Error(`unknown stack ${JSON.stringify(name)}`);
  const state = { name, outputs: pulumi.secret(outputs), secretOutputNames: Object.keys(outputs) };
  return { id: name, state };
}

interface Read {
  readonly id: string;
  readonly state: Readonly<Record<string, unknown>>;
}

/** An address that no manifest holds; the program shows it. */
function loadBalancerState(inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const spec = inputs["spec"];
  if (typeof spec !== "object" || spec === null || !("type" in spec) || spec.type !== "LoadBalancer")
    return {};
  return { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } };
}

function byTypeAndName(left: RegisteredResource, right: RegisteredResource): number {
  const [leftKey, rightKey] = [left, right].map(({ type, name }) => `${type} ${name}`);
  return (leftKey ?? "") < (rightKey ?? "") ? -1 : 1;
}
