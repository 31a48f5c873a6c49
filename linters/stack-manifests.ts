import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../local/user-error";
import type { ManifestFiles } from "./whole-objects";

const rendered = join(__dirname, "..", "tests", "golden");

/** The stacks that are linted when none is named: together they use every accepted finding. */
export const lintedStacks: readonly string[] = ["dev"];

/**
 * The manifests of a stack: those that are kept for review, which a test holds against what the program asks for.
 *
 * @throws UserError if the stack's manifests are not there
 */
export function stackManifests(stack: string): ManifestFiles {
  const stacks = readdirSync(rendered).filter((name) => existsSync(join(rendered, name, "urns.txt")));
  if (!stacks.includes(stack)) {
    throw new UserError(
      `There are no rendered manifests of the stack ${stack}. There are those of: ${stacks.join(", ")}.`,
    );
  }
  const files = readdirSync(join(rendered, stack), { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    files
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => [file, readFileSync(join(rendered, stack, file), "utf8")]),
  );
}
