import { coverage } from "./coverage";
import type { CoveredField, Effect } from "./covered-field";

const introduction = `# Coverage of the original's format

Every field of the custom resource definitions of the original AlgoRun operator (\`algo.run/v1beta1\`), and what it does
here. A test changes each of them in a sound document and looks at the plan, or at the message.

- **honoured**: another value gives another plan.
- **checked**: a value that contradicts the rest of the documents is an error; no other effect.
- **refused**: an error that names the field and says what to use instead.
- **warning**: accepted and not used, with a warning.
- **no meaning**: accepted; nothing depends on it.
`;

const effects: readonly Effect[] = ["honoured", "checked", "refused", "warning", "no meaning"];

/** The page of the guide that lists every field of the original's format. */
export function coveragePage(): string {
  const kinds = Object.entries(coverage);
  const counts = kinds.map(([kind, fields]) =>
    row([kind, ...effects.map((effect) => count(fields, effect)), String(fields.length)]),
  );
  const header = [row(["kind", ...effects, "fields"]), row(["---", ...effects.map(() => "---"), "---"])];
  const sections = kinds.map(([kind, fields]) => `## ${kind}\n\n${table(fields)}`);
  return `${[introduction, [...header, ...counts].join("\n"), ...sections].join("\n\n")}\n`;
}

function table(fields: readonly CoveredField[]): string {
  const rows = [...fields]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, effect, meaning }) => row([`\`${path}\``, effect, meaning]));
  return [row(["field", "effect", "meaning"]), row(["---", "---", "---"]), ...rows].join("\n");
}

function count(fields: readonly CoveredField[], wanted: Effect): string {
  return String(fields.filter(({ effect }) => effect === wanted).length);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
