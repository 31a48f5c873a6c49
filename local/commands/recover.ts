import { startEnvironment } from "../environment";
import { createFolders, project, type Layout } from "../layout";
import { withLock } from "../process/lock";
import { openStack } from "../stack/open-stack";
import { recoverStack } from "../stack/recovery";
import type { PulumiStack } from "../stack/stack";
import { runCommand } from "./command";
import { isForEmbedded, stackName } from "./stack-name";

/** `make recover`: brings a stack whose update was killed, or whose state is an older one, to where it can be updated. */
runCommand(async (layout) => {
  const name = stackName("any");
  if (!isForEmbedded(name)) return recover({ pulumi: "pulumi", project, name });
  createFolders(layout);
  return withLock(layout, "make recover", () => recoverEmbedded(layout, name));
});

async function recoverEmbedded({ directory }: Layout, name: string): Promise<number> {
  return recover(await openStack(await startEnvironment({ directory, report: console.log }), name));
}

/** Says each thing that it did in a line. */
async function recover(stack: PulumiStack): Promise<number> {
  const done = await recoverStack(stack);
  for (const line of done) console.log(line);
  console.log(
    done.length === 0
      ? `There is nothing to recover: stack ${stack.name} has no pending operations, and knows its topics.`
      : `Stack ${stack.name} can be updated again.`,
  );
  return 0;
}
