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
 * @param work returns the exit code; a {@link UserError} is printed as one message, and so is a full disk.
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
  const layout = currentLayout();
  try {
    return await work(layout);
  } catch (error) {
    if (!(error instanceof UserError) && !isOfFullDisk(error)) throw error;
    console.error(error instanceof UserError ? error.message : fullDisk(layout, error));
    return 1;
  }
}

/** What systems call a full disk, a user's share of it that is used up, and a file that may not grow. */
const fullDiskCodes: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];

function isOfFullDisk(error: unknown): error is Error {
  return error instanceof Error && "code" in error && fullDiskCodes.includes(error.code);
}

function fullDisk({ directory }: Layout, { message }: Error): string {
  return (
    `There is no space left to write to (${message}): make some on the disk of ${directory}, ` +
    "then type the command again, which goes on from here."
  );
}
