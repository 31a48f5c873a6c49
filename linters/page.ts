import { toolDefinitions } from "../local/toolchain/definitions";
import type { AcceptedFinding } from "./accepted-finding";
import { linterNames } from "./finding";
import { lintedStack } from "./stack-manifests";

const introduction = `# Linters

\`make lint-manifests\` has ${versions()} look at the manifests of the stack
\`${lintedStack}\` as the program renders them, each with its default checks, and prints every finding that is not listed
here. A part of this list that matches nothing any more is an error, too. \`STACK=name\` looks at another stack, which may
have findings of its own: \`kind\` has one pod of most systems.

This page is made from \`linters/accepted-findings.ts\` by \`npm run linters\`; change the findings there. \`*\` stands for any
part of a name.
`;

function versions(): string {
  const named = linterNames.map((name) => `${name} ${toolDefinitions[name].made?.version ?? ""}`);
  return `${named.slice(0, -1).join(", ")} and ${named.at(-1) ?? ""}`;
}

/** The page of the guide that lists what the linters find and why it stays. */
export function lintersPage(list: readonly AcceptedFinding[]): string {
  const sections = linterNames.map((linter) => {
    const own = list.filter((entry) => entry.linter === linter);
    return `## ${linter}\n\n${own.length === 0 ? "Finds nothing." : table(own)}`;
  });
  return `${[introduction, ...sections].join("\n\n")}\n`;
}

function table(entries: readonly AcceptedFinding[]): string {
  const rows = entries.map(({ check, objects, containers = [], reason }) =>
    row([code([check]), code(objects), code(containers), reason]),
  );
  return [
    row(["check", "where", "container", "why it stays"]),
    row(["---", "---", "---", "---"]),
    ...rows,
  ].join("\n");
}

function code(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
