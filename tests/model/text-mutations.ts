import { chosen, type Mutation } from "./mutation-choice";

function onLines(mutate: (lines: readonly string[], at: number, way: number) => readonly string[]): Mutation {
  return (text, { place, way }) => {
    const lines = text.split("\n");
    return mutate(lines, place % lines.length, way).join("\n");
  };
}

const fragments: readonly string[] = [
  "{",
  "]",
  '"',
  "'",
  "- ",
  ": ",
  "? ",
  "\t",
  "%YAML 9.9",
  "---",
  "...",
  "&a [*a]",
  "&a { <<: *a }",
  "<<: *none",
  "<<: 1",
  "<<: [[]]",
  "*none",
  "&a &b 1",
  "!!js/function 'x'",
  "!!binary '='",
  "!!set { a }",
  "!!timestamp 2020-99-99",
  "|9",
  ">-",
  "@x",
  "`x",
  "#",
  "\ufeff",
  "\r",
  "\u0007",
  "__proto__: { replicas: 9 }",
  "[".repeat(20_000),
  "{a: ".repeat(20_000),
  "- ".repeat(20_000),
];

/** Text in which each anchor holds the one before ten times: a thousand million values, if they were copied. */
const doubling = Array.from({ length: 9 }, (_, level) => {
  const before = level === 0 ? "x" : `*b${level - 1}`;
  return `&b${level} [${Array.from({ length: 10 }, () => before).join(", ")}]`;
}).join(", ");

/** The ways to break a document as text. */
export const textMutations: Readonly<Record<string, Mutation>> = {
  lineDropped: onLines((lines, at) => lines.toSpliced(at, 1)),
  lineRepeated: onLines((lines, at) => lines.toSpliced(at, 0, lines[at] ?? "")),
  lineIndented: onLines((lines, at, way) => lines.with(at, `${" ".repeat(1 + (way % 5))}${lines[at] ?? ""}`)),
  lineOutdented: onLines((lines, at) => lines.with(at, (lines[at] ?? "").trimStart())),
  lineCut: onLines((lines, at, way) => lines.with(at, (lines[at] ?? "").slice(0, way % 60))),
  linesExchanged: onLines((lines, at, way) => {
    const other = way % lines.length;
    return lines.with(at, lines[other] ?? "").with(other, lines[at] ?? "");
  }),
  valueReplaced: onLines((lines, at, way) =>
    lines.with(
      at,
      (lines[at] ?? "").replace(/(: |- ).*$/, (_, lead: string) => `${lead}${chosen(fragments, way)}`),
    ),
  ),
  fragmentInserted: onLines((lines, at, way) => lines.toSpliced(at, 0, chosen(fragments, way))),
  fragmentAppended: onLines((lines, at, way) =>
    lines.with(at, `${lines[at] ?? ""} ${chosen(fragments, way)}`),
  ),
  aliased: onLines((lines, at) =>
    lines.with(at, (lines[at] ?? "").replace(/(: |- )(.*)$/, "$1&x $2").concat("\n*x")),
  ),
  doubled: onLines((lines, at) => lines.with(at, (lines[at] ?? "").replace(/(: |- ).*$/, `$1[${doubling}]`))),
  truncated: (text, { place }) => text.slice(0, place % text.length),
  windowsLines: (text) => text.replaceAll("\n", "\r\n"),
  tabs: (text) => text.replaceAll("  ", "\t"),
  twice: (text) => `${text}\n---\n${text}`,
};
