import { existsSync, rmSync } from "node:fs";
import { stopEnvironment } from "../environment";
import { withLock } from "../process/lock";
import { runCommand } from "./command";

/** `make clean`: ends what runs and removes the state. */
runCommand(async (layout) => {
  if (!existsSync(layout.directory)) {
    console.log(`There is nothing to remove: ${layout.directory} does not exist.`);
    return 0;
  }
  await withLock(layout, "make clean", async () => {
    const stopped = await stopEnvironment(layout);
    if (stopped.length > 0) console.log(`Stopped ${stopped.join(", ")}.`);
    rmSync(layout.directory, { recursive: true, force: true });
  });
  console.log(
    `Removed ${layout.directory}: the cluster, the broker and the Pulumi state. Built tools are kept.`,
  );
  return 0;
});
