import { valueAt } from "../pipelines/model/document/validate";
import { describeConfig, type DescribedKey } from "./described-keys";

/** Settings of the stacks that ship, by stack name: the content of `config` in `Pulumi.{stack}.yaml`. */
export type ShippedStacks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const introduction = `# Configuration

Every key of a stack's config, written by \`npm run configuration\` from \`config/settings-schema.ts\`. A stack's values
are in \`Pulumi.{stack}.yaml\`; \`pulumi config set --path 'algorun:kafka.brokers' 5\` changes one. All keys begin with
\`algorun:\`. An unknown key, a wrong value, or values that can't hold together are reported at once, each with what
was found, what was expected and the nearest valid name.

A key without a default may be left out, unless it is _required_; then the component's own choice counts. The last column
names the stacks of this project that set the key.
`;

/** The page that lists every key of the config, as Markdown. */
export function configurationPage(stacks: ShippedStacks): string {
  const { settings, types } = describeConfig();
  const overview = table(settings, stacks);
  const sections = settings.flatMap(({ path, description, forms }) => {
    if (forms.length === 0) return [];
    const tables = forms.map(({ chosenBy, keys }) =>
      chosenBy === undefined
        ? table(keys, stacks)
        : `With \`${chosenBy.key}: ${chosenBy.value}\`:\n\n${table(keys, stacksWith(path, chosenBy, stacks))}`,
    );
    return [[`## ${path}`, `${description}.`, ...tables].join("\n\n")];
  });
  const shared = types.map((type) =>
    [
      `### ${type.path}`,
      `${type.description}.`,
      ...(type.keys.length > 0 ? [table(type.keys, {})] : []),
    ].join("\n\n"),
  );
  return [introduction, "## All keys", overview, ...sections, "## Types", ...shared].join("\n\n") + "\n";
}

/** Stacks whose setting has the form that a key's value chooses. */
function stacksWith(
  setting: string,
  { key, value }: { readonly key: string; readonly value: string },
  stacks: ShippedStacks,
): ShippedStacks {
  return Object.fromEntries(
    Object.entries(stacks).filter(([, config]) => valueAt(config, [`algorun:${setting}`, key]) === value),
  );
}

function table(keys: readonly DescribedKey[], stacks: ShippedStacks): string {
  const rows = keys.map((key) =>
    row([`\`${key.path}\``, key.type, key.description, defaultOf(key), settersOf(key.path, stacks)]),
  );
  return [row(["key", "type", "decides", "default", "set in"]), row(Array(5).fill("---")), ...rows].join(
    "\n",
  );
}

function defaultOf({ default: value, isRequired }: DescribedKey): string {
  if (isRequired) return "_required_";
  return value === undefined || JSON.stringify(value) === "{}" ? "" : `\`${inline(value)}\``;
}

function inline(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function settersOf(path: string, stacks: ShippedStacks): string {
  const [key = "", ...inner] = path.split(".");
  return Object.entries(stacks)
    .filter(([, config]) => valueAt(config, [`algorun:${key}`, ...inner]) !== undefined)
    .map(([stack]) => stack)
    .join(", ");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
