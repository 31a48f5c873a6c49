import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { project } from "../../local/layout";
import type { Stack } from "../../local/stack/stack";
import type { EngineEnvironment } from "../engine/engine-environment";

/** The stack of an environment as the commands of `local/` work on it. */
export function commandedStack({ environment, stack }: EngineEnvironment): Stack {
  const { layout, pulumi } = environment;
  const configFile = join(layout.directory, `Pulumi.${stack}.yaml`);
  return { layout, pulumi, project, name: stack, configFile };
}

/** Starts the Pulumi CLI on a stack, for whoever wants to end it; nobody hears what it says. */
export function startPulumi(
  engine: EngineEnvironment,
  command: string,
  ...args: readonly string[]
): ChildProcess {
  const { pulumi, name, configFile = "" } = commandedStack(engine);
  const flags = ["--stack", name, "--config-file", configFile, "--non-interactive", "--color=never"];
  return spawn(pulumi, [command, ...args, ...flags], {
    cwd: project,
    env: { ...engine.environment.variables, PULUMI_DEBUG_COMMANDS: "true" },
    stdio: "ignore",
  });
}
