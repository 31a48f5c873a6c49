import { existsSync } from "node:fs";
import { stopEnvironment } from "../environment";
import { withLock } from "../process/lock";
import { runCommand } from "./command";

/** `make down`: ends what runs and keeps the state. */
runCommand(async (layout) => {
  const started = existsSync(layout.directory);
  const stopped = started ? await withLock(layout, "make down", () => stopEnvironment(layout)) : [];
  console.log(
    stopped.length === 0
      ? "Nothing ran."
      : `Stopped ${stopped.join(", ")}. The state is kept for the next \`make up\`.`,
  );
  return 0;
});
