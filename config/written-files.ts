import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { format } from "prettier";
import { z } from "zod";
import { configurationPage, type ShippedStacks } from "./configuration-page";
import { projectKeys, withConfigSection } from "./project-keys";
import { settingsSchema } from "./settings-schema";

const project = join(__dirname, "..");
const stackSchema = z.object({ config: z.record(z.string(), z.unknown()) });

/** Files that follow from the schema of the config, contents by path in the project. */
export async function writtenFiles(): Promise<Readonly<Record<string, string>>> {
  const section = dump({ config: projectKeys() }, { lineWidth: -1, noRefs: true });
  const projectFile = withConfigSection(readFileSync(join(project, "Pulumi.yaml"), "utf8"), section);
  return {
    "Pulumi.yaml": await format(projectFile, { parser: "yaml", printWidth: 110 }),
    "docs/configuration.md": await format(configurationPage(shippedStacks()), { parser: "markdown" }),
  };
}

function shippedStacks(): ShippedStacks {
  const stacks = settingsSchema.shape.environment
    .unwrap()
    .options.filter((stack) => existsSync(join(project, `Pulumi.${stack}.yaml`)));
  return Object.fromEntries(
    stacks.map((stack) => {
      const text = readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8");
      return [stack, stackSchema.parse(load(text)).config];
    }),
  );
}
