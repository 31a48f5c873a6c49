import { join } from "node:path";
import { startEnvironment } from "../environment";
import { createFolders, project, type Layout } from "../layout";
import { withLock } from "../process/lock";
import { endAbandonedProviders } from "../stack/abandoned-providers";
import { releaseAbandonedLocks } from "../stack/locks";
import { previewStack } from "../stack/preview";
import { settleInterruptedUpdate } from "../stack/recovery";
import {
  configFlags,
  relocatedSettings,
  selectStack,
  showPulumi,
  updateFlags,
  type Stack,
} from "../stack/stack";
import { lastChanges, summarize } from "../stack/summary";
import { runCommand } from "./command";
import { stackName } from "./stack-name";

/** `make up`: the environment, and in it the platform and the pipelines. */
runCommand(async (layout) => {
  const name = stackName();
  createFolders(layout);
  return withLock(layout, "make up", () => up(layout, name));
});

async function up(layout: Layout, name: string): Promise<number> {
  const environment = await startEnvironment({ directory: layout.directory, report: console.log });
  const found = { layout, pulumi: environment.pulumi, project, name };
  await releaseAbandonedLocks(found);
  await endAbandonedProviders(layout);
  await selectStack(found);
  // A new stack's settings have got the salt of its passphrase by now.
  const stack: Stack = { ...found, configFile: settingsElsewhere(layout, name) };
  await settleInterruptedUpdate(stack);
  const deployed = await deploy(stack);
  if (deployed.exitCode !== 0) {
    console.error(
      "The stack is not up; the reason is above. `make up` goes on from here once it is put right.",
    );
    return deployed.exitCode;
  }
  console.log(await summarize(stack, environment.connections, deployed.changes));
  return 0;
}

interface Deployed {
  readonly exitCode: number;
  /** Numbers of resources by what was done with them. */
  readonly changes: Readonly<Record<string, number>>;
}

/** Nothing is touched unless the whole preview passes the policies, and nothing is run twice if nothing changed. */
async function deploy(stack: Stack): Promise<Deployed> {
  const preview = await previewStack(stack);
  if (preview.exitCode !== 0) return { exitCode: preview.exitCode, changes: {} };
  if (!preview.hasChanges) return { exitCode: 0, changes: { same: preview.unchanged } };
  const args = ["up", "--yes", "--skip-preview", ...updateFlags(stack), ...configFlags(stack)];
  const exitCode = await showPulumi(stack, args);
  return { exitCode, changes: exitCode === 0 ? await lastChanges(stack) : {} };
}

/** The committed settings name `.local`; an environment elsewhere gets a copy that names its own place. */
function settingsElsewhere(layout: Layout, name: string): string | undefined {
  if (layout.directory === join(project, ".local")) return undefined;
  return relocatedSettings(layout, join(project, `Pulumi.${name}.yaml`), name);
}
