import { parseCommandLine, usage, versionText } from "./command-line";
import { ChildProcesses } from "./child-processes";
import { watchEngine } from "./engine-watch";
import { turnOffErrorColours } from "./error-colours";
import { startServer } from "./server";

/** Starts the host for one engine: prints the port as the first line, as the engine expects, and ends with it. */
async function serveEngine(engineAddress: string): Promise<void> {
  const children = new ChildProcesses();
  const port = await startServer(engineAddress, children);
  watchEngine(engineAddress, () => {
    void children.stopAll().then(() => process.exit(0));
  });
  process.stdout.write(`${port}\n`);
}

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case "help":
      process.stdout.write(usage);
      return;
    case "version":
      process.stdout.write(versionText);
      return;
    case "invalid":
      process.stderr.write(`${command.problem}\n\n${usage}`);
      process.exitCode = 2;
      return;
    case "serve":
      await serveEngine(command.engineAddress);
  }
}

// The file is also what `node -r` loads into a program on a Node that needs it: see error-colours.ts.
if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
} else {
  turnOffErrorColours();
}
