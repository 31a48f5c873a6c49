import { join } from "node:path";
import { startEnvironment } from "../environment";
import { createFolders, project, type Layout } from "../layout";
import { withLock } from "../process/lock";
import { releaseAbandonedLocks } from "../stack/locks";
import { settleInterruptedUpdate } from "../stack/recovery";
import { configFlags, relocatedSettings, selectStack, showPulumi, type Stack } from "../stack/stack";
import { summarize } from "../stack/summary";
import { runCommand } from "./command";
import { stackName } from "./stack-name";

/**
 * Operations at a time. Kafka's provider waits a second after each topic and Kubernetes'
 * for each Deployment, so the default of 8 leaves the machine idle.
 */
const parallel = "64";

/** `make up`: the environment, and in it the platform and the pipelines. */
runCommand(async (layout) => {
  createFolders(layout);
  return withLock(layout, "make up", () => up(layout));
});

async function up(layout: Layout): Promise<number> {
  const environment = await startEnvironment({ directory: layout.directory, report: console.log });
  const stack: Stack = {
    layout,
    pulumi: environment.pulumi,
    project,
    name: stackName,
    configFile: settingsElsewhere(layout),
  };
  await releaseAbandonedLocks(stack);
  await selectStack(stack);
  await settleInterruptedUpdate(stack);
  const options = ["--yes", "--policy-pack", "policies", "--parallel", parallel, "--suppress-outputs"];
  const code = await showPulumi(stack, ["up", ...options, "--stack", stackName, ...configFlags(stack)]);
  if (code !== 0) {
    console.error(
      "The stack is not up; the reason is above. `make up` goes on from here once it is put right.",
    );
    return code;
  }
  console.log(await summarize(stack, environment.connections));
  return 0;
}

/** The committed settings name `.local`; an environment elsewhere gets a copy that names its own place. */
function settingsElsewhere(layout: Layout): string | undefined {
  if (layout.directory === join(project, ".local")) return undefined;
  return relocatedSettings(layout, join(project, `Pulumi.${stackName}.yaml`), stackName);
}
