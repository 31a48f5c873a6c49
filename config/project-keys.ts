import { optionalKeys } from "./parse-settings";
import { describeConfig } from "./described-keys";
import { settingsSchema } from "./settings-schema";

/** A key as `Pulumi.yaml` declares it. */
export interface ProjectKey {
  readonly type: "string" | "array" | "object";
  readonly items?: { readonly type: "string" };
  readonly description: string;
  readonly default: unknown;
}

const emptyByType = { string: "", array: [], object: {} } as const;

/**
 * The `config` section of `Pulumi.yaml`. Pulumi demands a value of every declared key that has no default, and of a
 * declared secret that its default is encrypted, which a file for all stacks can't be. So a key that may be left out has
 * an empty default, and secrets are declared as plain text and set with `--secret`.
 */
export function projectKeys(): Readonly<Record<string, ProjectKey>> {
  const defaults: Readonly<Record<string, unknown>> = settingsSchema.parse({});
  const optional = new Set(optionalKeys());
  return Object.fromEntries(
    describeConfig().settings.map(({ path, declaredType, description }) => {
      const empty = optional.has(path) || defaults[path] === undefined;
      const key: ProjectKey = {
        type: declaredType,
        ...(declaredType === "array" && { items: { type: "string" } }),
        description,
        default: empty ? emptyByType[declaredType] : defaults[path],
      };
      return [`algorun:${path}`, key];
    }),
  );
}

/**
 * `Pulumi.yaml` with its `config` section written anew.
 *
 * @param text - the file as it is; what stands before the section stays
 * @param section - the section as YAML
 */
export function withConfigSection(text: string, section: string): string {
  const head = text.split(/^(?:# Written by .*\n)?config:/m)[0] ?? "";
  return `${head}# Written by \`npm run configuration\` from config/settings-schema.ts.\n${section}`;
}
