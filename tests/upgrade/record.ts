import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { load } from "js-yaml";
import { z } from "zod";
import { parseJson } from "../../local/files";
import { layoutOf, project } from "../../local/layout";
import { run } from "../../local/process/run";
import { askPulumi } from "../../local/stack/stack";
import { stateSchema, type StackState } from "../../local/stack/stack-state";
import { UserError } from "../../local/user-error";
import { withoutConnections } from "./connections";
import { stateFiles, type StateRecord } from "./recorded-state";

const usage =
  "npm run record-state -- NAME [CHECKOUT]: records the stack dev of the environment that runs in CHECKOUT (this one by " +
  "default) as tests/upgrade/states/NAME; NAME begins with the day, such as 2026-11-26-1.0.0.";

/** Config that says where something lies: a test puts it elsewhere. */
const places = ["algorun:connections", "algorun:documents"];

const settingsSchema = z.object({ config: z.record(z.string(), z.unknown()) });
const manifestSchema = z.object({ manifest: z.object({ version: z.string() }) });
const versionSchema = z.object({ version: z.string() });

/** Records the state of a stack that runs, for tests of the upgrades of all programs to come. */
async function record([name = "", checkout = project]: readonly string[]): Promise<void> {
  if (!/^\d{4}-\d{2}-\d{2}-[\w.-]+$/.test(name)) throw new UserError(usage);
  const folder = resolve(checkout);
  const layout = layoutOf(join(folder, ".local"));
  const stack = { layout, pulumi: join(layout.bin, "pulumi"), project: folder, name: "dev" };
  const exported = await askPulumi(stack, ["stack", "export", "--stack", stack.name]);
  const state = withoutPositions(
    withoutConnections(parseJson(exported, stateSchema, "The state of the stack")),
  );
  const text = JSON.stringify(state);
  for (const path of [folder, layout.directory])
    if (text.includes(path))
      throw new UserError(`The state names ${path}, which is another place elsewhere.`);
  const files = stateFiles(name);
  rmSync(dirname(files.record), { recursive: true, force: true });
  mkdirSync(dirname(files.record), { recursive: true });
  writeFileSync(files.state, gzipSync(text, { level: 9 }));
  cpSync(join(folder, "pipelines", "documents"), files.documents, { recursive: true });
  const settings = settingsSchema.parse(load(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8")));
  const recorded: StateRecord = {
    program: (await run("git", ["rev-parse", "--short", "HEAD"], { cwd: folder })).trim(),
    versions: versionsIn(state),
    config: Object.fromEntries(Object.entries(settings.config).filter(([key]) => !places.includes(key))),
  };
  writeFileSync(files.record, `${JSON.stringify(recorded, undefined, 2)}\n`);
  console.log(`${dirname(files.record)}: ${(state.deployment.resources ?? []).length} resources.`);
}

/** Where in the program each resource was made says nothing to another program, and is most of the state. */
function withoutPositions(state: StackState): StackState {
  const resources = state.deployment.resources?.map((resource) => ({
    ...resource,
    sourcePosition: undefined,
    stackTrace: undefined,
  }));
  return { ...state, deployment: { ...state.deployment, resources } };
}

/** Versions of the engine and of the providers that made a state, as it tells them. */
function versionsIn({ deployment }: StackState): Readonly<Record<string, string>> {
  const providers = (deployment.resources ?? []).flatMap(({ type, inputs }) => {
    const version = versionSchema.safeParse(inputs).data?.version;
    return type.startsWith("pulumi:providers:") && version !== undefined
      ? [[type.replace("pulumi:providers:", ""), version] as const]
      : [];
  });
  const { version } = manifestSchema.parse(deployment).manifest;
  return { pulumi: version.replace(/^v/, ""), ...Object.fromEntries(providers.sort()) };
}

void record(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
