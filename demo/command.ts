import { constants } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { currentLayout } from "../local/commands/command";
import { stackName } from "../local/commands/stack-name";
import { readConnections } from "../local/connections";
import { createFolders, project, type Layout } from "../local/layout";
import { killPods } from "../local/pods/left-pods";
import { withLock } from "../local/process/lock";
import { UserError } from "../local/user-error";
import { chosenPipeline } from "./chosen-pipeline";
import { runDemo } from "./demo";
import { LiveView } from "./live-view";

const defaultPipeline = "northwind.vibration-watch";

const usage = `Runs a deployed pipeline on the embedded environment, with real data, from end to end.

  --pipeline owner.name   which, or the file with its document (default: ${defaultPipeline})
  --seconds N             how long messages are sent (default: 30)
  --replicas N            most pods of a workload (default: 1)
  --pause N               milliseconds between two messages of a path (default: 200)
  --documents PATH        where Algo documents are, whose annotation local.algo.run/command says what to run

It ends with 0 if all that was sent was delivered, with 130 after Ctrl-C, and with 1 otherwise.`;

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
  const connections = connectionsOf(layout);
  const pipeline = chosenPipeline(
    values.pipeline === "" ? defaultPipeline : values.pipeline,
    values.documents,
  );
  const options = {
    seconds: positive("seconds", values.seconds),
    replicas: positive("replicas", values.replicas),
    pause: positive("pause", values.pause),
  };
  createFolders(layout);
  const ending = endBySignal(layout);
  const demo = withLock(layout, "make demo", () =>
    runDemo({
      ...options,
      layout,
      connections,
      stack: { layout, pulumi: join(layout.bin, "pulumi"), project, name: stackName("embedded", []) },
      pipeline: pipeline.id,
      documents: pipeline.documents,
      view: new LiveView(process.stdout),
      signal: ending.signal,
    }),
  );
  const code = await demo.then(
    (succeeded) => (succeeded ? 0 : 1),
    (error: unknown) => {
      // Whatever fails while everything is being ended is no news.
      if (!ending.signal.aborted) throw error;
      console.error("Interrupted: what is on its way is delivered when the pipeline runs again.");
      return 1;
    },
  );
  return ending.code() ?? code;
}

/** Ends everything when a person or the system says so; who says it again does not want to wait for it. */
function endBySignal(layout: Layout): {
  readonly signal: AbortSignal;
  /** Exit code of a command that a signal has ended; undefined when none has. */
  code(): number | undefined;
} {
  const ended = new AbortController();
  let received: NodeJS.Signals | undefined;
  for (const name of ["SIGHUP", "SIGINT", "SIGTERM"] as const)
    process.on(name, () => {
      if (received !== undefined) killPods(layout);
      received ??= name;
      ended.abort();
    });
  return {
    signal: ended.signal,
    code: () => (received === undefined ? undefined : 128 + constants.signals[received]),
  };
}

function connectionsOf(layout: Layout): NonNullable<ReturnType<typeof readConnections>> {
  const connections = readConnections(layout);
  if (connections !== undefined) return connections;
  throw new UserError("The embedded environment was never started: run `make up`, then `make demo`.");
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UserError(`${name.toUpperCase()}: found ${text}, expected a whole number of at least 1`);
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
