import { existsSync, readFileSync } from "node:fs";
import { startEnvironment } from "../environment";
import { createFolders, type Layout } from "../layout";
import { withLock } from "../process/lock";
import { forgetDeletedTopics } from "../stack/deleted-topics";
import { openStack } from "../stack/open-stack";
import { previewStack } from "../stack/preview";
import { makeUpdatable } from "../stack/recovery";
import { configFlags, showPulumi, updateFlags, type Stack } from "../stack/stack";
import { lastChanges, summarize } from "../stack/summary";
import { recordedAtEnd } from "../stack/unfinished-update";
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
  const stack = await openStack(environment, name);
  for (const line of await makeUpdatable(stack)) console.log(line);
  for (const line of await forgetDeletedTopics(stack, environment.connections.kafka)) console.log(line);
  const deployed = await deploy(stack);
  if (deployed.exitCode !== 0) {
    console.error(
      deployed.metUnrecordedTopic
        ? `A topic is there that the stack's state does not record: type \`make recover STACK=${name}\`, then \`make up\` again.`
        : "The stack is not up; the reason is above. `make up` goes on from here once it is put right.",
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
  /** Whether it failed since Kafka has a topic that was to be made. */
  readonly metUnrecordedTopic?: boolean;
}

/** Nothing is touched unless the whole preview passes the policies, and nothing is run twice if nothing changed. */
async function deploy(stack: Stack): Promise<Deployed> {
  const preview = await previewStack(stack);
  if (preview.exitCode !== 0) return { exitCode: preview.exitCode, changes: {} };
  if (!preview.hasChanges) return { exitCode: 0, changes: { same: preview.unchanged } };
  const args = ["up", "--yes", "--skip-preview", ...updateFlags(stack), ...configFlags(stack)];
  return recordedAtEnd(stack, async (variables, events) => {
    const exitCode = await showPulumi(stack, [...args, "--event-log", events], variables);
    if (exitCode === 0) return { exitCode, changes: await lastChanges(stack) };
    const said = existsSync(events) ? readFileSync(events, "utf8") : "";
    return { exitCode, changes: {}, metUnrecordedTopic: /topic with this name already exists/i.test(said) };
  });
}
