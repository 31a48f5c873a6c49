import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";

const stack = z.object({
  config: z.looseObject({ "algorun:certificates": z.looseObject({ caCertificate: z.string() }) }),
});

/** PEM of the made-up authority that the shipped stacks name. */
export const exampleAuthority = stack.parse(
  load(readFileSync(join(__dirname, "..", "..", "Pulumi.kind.yaml"), "utf8")),
).config["algorun:certificates"].caCertificate;
