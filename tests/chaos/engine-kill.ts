import { rmSync } from "node:fs";
import type { EngineEnvironment } from "../engine/engine-environment";
import { reached, type Moment } from "./moments";
import { eventLog, startPulumi } from "./stack-commands";

/**
 * Runs the CLI on a stack and kills it with SIGKILL.
 *
 * @returns whether it was killed; false: it had ended before
 */
export async function killEngine(
  engine: EngineEnvironment,
  command: "up" | "destroy",
  moment: Moment,
): Promise<boolean> {
  rmSync(eventLog(engine), { force: true });
  const running = startPulumi(engine, command);
  await reached(running, eventLog(engine), moment);
  running.signal("SIGKILL");
  await running.ended;
  return running.wasKilled;
}
