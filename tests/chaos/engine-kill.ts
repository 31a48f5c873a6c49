import { rmSync } from "node:fs";
import type { EngineEnvironment } from "../engine/engine-environment";
import { reached, type Moment } from "./moments";
import { recordedAtEnd } from "../../local/stack/unfinished-update";
import { commandedStack, eventLog, startPulumi } from "./stack-commands";

/**
 * Runs the CLI on a stack and kills it with SIGKILL.
 *
 * @param records - when the state is written: for each resource, as plain Pulumi does it, or at the end, as `make up` does
 * @returns whether it was killed; false: it had ended before
 */
export async function killEngine(
  engine: EngineEnvironment,
  command: "up" | "destroy",
  moment: Moment,
  records: "each resource" | "at its end",
): Promise<boolean> {
  const kill = async (variables: Readonly<Record<string, string>>, events: string): Promise<boolean> => {
    rmSync(events, { force: true });
    const running = startPulumi(engine, command, { variables, events });
    await reached(running, events, moment);
    running.signal("SIGKILL");
    await running.ended;
    return running.wasKilled;
  };
  return records === "at its end" ? recordedAtEnd(commandedStack(engine), kill) : kill({}, eventLog(engine));
}
