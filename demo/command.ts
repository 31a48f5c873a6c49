import { parseArgs } from "node:util";
import { createFolders, project, type Layout } from "../local/layout";
import { readConnections } from "../local/connections";
import { currentLayout } from "../local/commands/command";
import { stackName } from "../local/commands/stack-name";
import { withLock } from "../local/process/lock";
import { UserError } from "../local/user-error";
import { join } from "node:path";
import { runDemo } from "./demo";

const defaultPipeline = "northwind.vibration-watch";

const usage = `Runs a deployed pipeline on the embedded environment, with real data, from end to end.

  --pipeline owner.name   which (default: ${defaultPipeline})
  --seconds N             how long messages are sent (default: 30)
  --replicas N            most pods of a workload (default: 1)
  --pause N               milliseconds between two messages of a path (default: 200)
  --documents PATH        where Algo documents are, whose annotation local.algo.run/command says what to run`;

/** `make demo`. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      pipeline: { type: "string", default: "" },
      seconds: { type: "string", default: "30" },
      replicas: { type: "string", default: "1" },
      pause: { type: "string", default: "200" },
      documents: { type: "string", multiple: true, default: [join(project, "pipelines", "documents")] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const layout = currentLayout();
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  createFolders(layout);
  const succeeded = await withLock(layout, "make demo", () =>
    runDemo({
      layout,
      connections: connectionsOf(layout),
      stack: { layout, pulumi: join(layout.bin, "pulumi"), project, name: stackName([]) },
      pipeline: values.pipeline === "" ? defaultPipeline : values.pipeline,
      documents: values.documents,
      seconds: positive("seconds", values.seconds),
      replicas: positive("replicas", values.replicas),
      pause: positive("pause", values.pause),
      report: console.log,
      output: process.stdout,
      signal: ended.signal,
    }),
  );
  return ended.signal.aborted ? 130 : succeeded ? 0 : 1;
}

function connectionsOf(layout: Layout): NonNullable<ReturnType<typeof readConnections>> {
  const connections = readConnections(layout);
  if (connections !== undefined) return connections;
  throw new UserError("The embedded environment was never started: run `make up`, then `make demo`.");
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UserError(`--${name}: found ${text}, expected a whole number of at least 1`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof UserError || isUsage(error) ? error.message : error);
    process.exit(1);
  },
);

function isUsage(error: unknown): error is Error {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
