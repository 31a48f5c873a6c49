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

/**
 * Starts the Pulumi CLI on a stack, for whoever wants to disturb it; {@link eventLog} says how far it is.
 *
 * @param wrapper - put before the command, such as `nsenter`
 */
export function startPulumi(
  engine: EngineEnvironment,
  command: "up" | "destroy",
  wrapper: readonly string[] = [],
): TypedCommand {
  const { pulumi, name, configFile = "" } = commandedStack(engine);
  const options = ["--yes", "--skip-preview", "--parallel", "64", "--suppress-progress"];
  const log = ["--event-log", eventLog(engine)];
  const flags = ["--stack", name, "--config-file", configFile, "--non-interactive", "--color=never"];
  return TypedCommand.start([...wrapper, pulumi, command, ...options, ...log, ...flags], {
    ...engine.environment.variables,
    PULUMI_DEBUG_COMMANDS: "true",
  });
}

/** Types `make` in the checkout, for an environment that may lie elsewhere. */
export function startMake({ environment }: EngineEnvironment, target: string): TypedCommand {
  return TypedCommand.start(["make", target], {
    ...process.env,
    ALGORUN_LOCAL: environment.layout.directory,
  });
}

/** Where an update writes what it does, as `make up` does. */
export function eventLog({ environment }: EngineEnvironment): string {
  return join(environment.layout.directory, "up.events");
}
