import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import { stackNamesIn } from "../../stack-files";
import { project } from "../layout";
import { UserError } from "../user-error";

const connected = z.object({ config: z.object({ "algorun:connections": z.string().min(1) }) });

/**
 * The stack that a command is about: the one that it is called with, or `dev`.
 *
 * @param kind whether those of other clusters will do, too.
 * @throws UserError for a stack that isn't one
 */
export function stackName(
  kind: "embedded" | "any" = "embedded",
  words: readonly string[] = process.argv.slice(2),
): string {
  const [name = "dev"] = words;
  const all = stackNamesIn(project);
  const known = kind === "any" ? all : all.filter(isForEmbedded);
  if (known.includes(name)) return name;
  const embedded =
    ", whose files in this folder have algorun:connections: .local/environment.json; to other clusters deploy with " +
    "`pulumi up`";
  throw new UserError(
    `STACK: found ${JSON.stringify(name)}, expected one of ${known.join(", ")}${kind === "any" ? "" : embedded}`,
  );
}

/** Whether a stack is for the embedded environment. */
export function isForEmbedded(stack: string): boolean {
  return connected.safeParse(load(readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8"))).success;
}
