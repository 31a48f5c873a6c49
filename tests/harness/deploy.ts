import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
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
export interface Deployed<Result> {
  readonly result: Result;
  /** Everything that was registered, sorted by type and name: the order of arrival means nothing. */
  readonly resources: readonly RegisteredResource[];
}

/** How the engine is played. */
export interface DeployOptions {
  /** Whether outputs that only a provider knows are unknown. @default false */
  readonly preview?: boolean;
  /** Stack name. @default "test" */
  readonly stack?: string;
}

/**
 * Runs a program against an engine that records what is registered and makes nothing.
 *
 * @param program - makes resources; its result is handed back
 * @throws whatever the program throws; Error when it asks a provider for data
 */
export async function deploy<Result>(
  program: () => Result | Promise<Result>,
  options: DeployOptions = {},
): Promise<Deployed<Result>> {
  const resources: RegisteredResource[] = [];
  const mocks: pulumi.runtime.Mocks = {
    newResource: (args) => {
      const { type, name } = args;
      const marked = z.record(z.string(), z.unknown()).parse(args.inputs);
      const { value: inputs, secrets } = withoutSecretMarks(marked);
      const registration = registrations.of(type, name);
      resources.push({ type, name, custom: args.custom ?? true, inputs, secrets, ...registration });
      return { id: `${name}-id`, state: { ...marked, ...providerState(type, name, inputs) } };
    },
    call: ({ token }) => {
      throw new Error(`the program asked a provider for ${token}, which no spec expects`);
    },
  };
  await pulumi.runtime.setMocks(mocks, "algorun", options.stack ?? "test", options.preview ?? false);
  const registrations = recordRegistrations(pulumi.runtime.getMonitor());
  const result = await program();
  await pulumi.runtime.disconnect();
  return { result, resources: resources.sort(byTypeAndName) };
}

/** Waits for an output's value. */
export async function settle<Value>(output: pulumi.Input<Value>): Promise<pulumi.Unwrap<Value>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve);
  });
}

/** Outputs that a provider adds to the arguments, where the program reads them. */
function providerState(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (type.startsWith("random:")) return { result: pulumi.secret(`${name}-result`) };
  const spec = inputs["spec"];
  if (typeof spec !== "object" || spec === null || !("type" in spec) || spec.type !== "LoadBalancer")
    return {};
  return { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } };
}

function byTypeAndName(left: RegisteredResource, right: RegisteredResource): number {
  const [leftKey, rightKey] = [left, right].map(({ type, name }) => `${type} ${name}`);
  return (leftKey ?? "") < (rightKey ?? "") ? -1 : 1;
}
