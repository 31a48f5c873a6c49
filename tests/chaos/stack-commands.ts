import { join } from "node:path";
import { project } from "../../local/layout";
import type { Stack } from "../../local/stack/stack";
import type { EngineEnvironment } from "../engine/engine-environment";
import { TypedCommand } from "./typed-command";

/** The stack of an environment as the commands of `local/` work on it. */
export function commandedStack({ environment, stack }: EngineEnvironment): Stack {
  const { layout, pulumi } = environment;
  const configFile = join(layout.directory, `Pulumi.${stack}.yaml`);
  return { layout, pulumi, project, name: stack, configFile };
}

/** What is special about an update that is disturbed. */
export interface StartOptions {
  /** Put before the command, such as `nsenter`. @default nothing */
  readonly wrapper?: readonly string[];
  /** For Pulumi, beside those of the environment. @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /** The file that its events are written to. @default {@link eventLog} */
  readonly events?: string;
}

/** Starts the Pulumi CLI on a stack, for whoever wants to disturb it; {@link eventLog} says how far it is. */
export function startPulumi(
  engine: EngineEnvironment,
  command: "up" | "destroy",
  { wrapper = [], variables = {}, events = eventLog(engine) }: StartOptions = {},
): TypedCommand {
  const { pulumi, name, configFile = "" } = commandedStack(engine);
  const options = ["--yes", "--skip-preview", "--parallel", "64", "--suppress-progress"];
  const flags = ["--stack", name, "--config-file", configFile, "--non-interactive", "--color=never"];
  return TypedCommand.start([...wrapper, pulumi, command, ...options, "--event-log", events, ...flags], {
    ...engine.environment.variables,
    PULUMI_DEBUG_COMMANDS: "true",
    ...variables,
  });
}

/** Types `make` in the checkout, for an environment that may lie elsewhere. */
export function startMake({ environment }: EngineEnvironment, target: string): TypedCommand {
  return TypedCommand.start(["make", target], {
    ...process.env,
    ALGORUN_LOCAL: environment.layout.directory,
  });
}

/** Where an update that was started here writes what it does. */
export function eventLog({ environment }: EngineEnvironment): string {
  return join(environment.layout.directory, "disturbed.events");
}
