import { concerns, rules, type Concern } from "./index";
import { environments } from "./rule/environment";
import type { Rule } from "./rule/rule";

const introduction = `# Policies

<!-- Written by \`npm run policies\`. Change the rules in policies/, not this page. -->

Every change of a stack is held against these ${rules.length} rules before it is made:

\`\`\`sh
pulumi up --policy-pack policies
\`\`\`

[policies/README.md](../policies/README.md) says how levels, configuration, exceptions and repairs work.

- **resource**: judged one by one, before anything is changed; what the preview does not know yet, the update judges just
  before it makes the resource.
- **stack**: judged together, at the end of the preview, and once more after the update.
- **repairs**: with the level \`remediate\`, the engine writes what is missing.
`;

/** The page about all rules, in Markdown; what is written in the rules is all that it knows. */
export function policiesPage(): string {
  return [
    introduction,
    "## All rules",
    table(
      ["rule", "severity", "about", ...environments],
      concerns.flatMap(({ title, rules }) =>
        rules.map((rule) => [
          `[\`${rule.name}\`](#${rule.name})`,
          rule.severity,
          title,
          ...environments.map((environment) => rule.levels[environment]),
        ]),
      ),
    ),
    ...concerns.map(concernSection),
  ].join("\n\n");
}

function concernSection({ title, rules }: Concern): string {
  return [`## ${title}`, ...rules.map(ruleSection)].join("\n\n");
}

function ruleSection(rule: Rule): string {
  const { name, severity, description, rationale, remedy, looksAt, canRepair } = rule;
  const facts = [severity, `judges ${looksAt.join(" and ")}`, ...(canRepair ? ["repairs"] : [])];
  return [
    `### ${name}`,
    literally(description),
    `${facts.join(", ")}; ${levelsOf(rule)}.`,
    `**Why.** ${literally(rationale)}`,
    `**What to do.** ${literally(remedy)}`,
    ...settingsTable(rule),
  ].join("\n\n");
}

/** The levels as a sentence: environments with the same one together. */
function levelsOf({ levels }: Rule): string {
  const byLevel = new Map<string, string[]>();
  for (const environment of environments) {
    const level = levels[environment];
    byLevel.set(level, [...(byLevel.get(level) ?? []), environment]);
  }
  return [...byLevel].map(([level, names]) => `${level} in ${names.join(", ")}`).join("; ");
}

function settingsTable({ configSchema }: Rule): readonly string[] {
  const rows = Object.entries(configSchema.properties)
    // The same for every rule.
    .filter(([name]) => name !== "exceptions")
    .map(([name, { type, default: standard, description = "", properties }]) => [
      `\`${name}\``,
      String(type),
      properties === undefined ? shown(standard) : shownDefaults(properties),
      literally(description),
    ]);
  return rows.length === 0 ? [] : [table(["setting", "type", "default", "meaning"], rows)];
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(shown).join(", ");
  return typeof value === "string" ? `\`${value}\`` : String(value);
}

type Schemas = NonNullable<Rule["configSchema"]["properties"][string]["properties"]>;

/** The defaults of a setting that has one for each environment. */
function shownDefaults(properties: Schemas): string {
  return Object.entries(properties)
    .map(([key, schema]) => `${key} ${typeof schema === "object" ? shown(schema.default) : ""}`)
    .join(", ");
}

/** Stars and brackets are meant as they are. */
function literally(text: string): string {
  return text.replace(/[*<>[\]]/g, "\\$&");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}
