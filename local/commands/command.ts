import { join } from "node:path";
import { layoutOf, project, type Layout } from "../layout";
import { UserError } from "../user-error";

/** The environment that the commands work on: ALGORUN_LOCAL, or `.local` of the checkout. */
export function currentLayout(): Layout {
  const configured = process.env["ALGORUN_LOCAL"];
  return layoutOf(configured === undefined || configured === "" ? join(project, ".local") : configured);
}

/**
 * Runs a command to its end and sets the exit code of the process.
 *
 * @param work returns the exit code; a {@link UserError} is printed as one message.
 */
export function runCommand(work: (layout: Layout) => Promise<number>): void {
  process.on("SIGINT", () => {
    // Whoever runs a program that wants to end in its own way listens, too, and is waited for.
    if (process.listenerCount("SIGINT") === 1) process.exit(130);
  });
  void exitCodeOf(work).then((code) => {
    process.exitCode = code;
  });
}

async function exitCodeOf(work: (layout: Layout) => Promise<number>): Promise<number> {
  try {
    return await work(currentLayout());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    return 1;
  }
}
