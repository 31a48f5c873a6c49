/** The linters that judge our manifests, by the names of their programs. */
export const linterNames = ["kube-linter", "kube-score", "polaris"] as const;

/** The name of a linter. */
export type LinterName = (typeof linterNames)[number];

/** The object that a linter speaks of. */
export interface LintedObject {
  readonly kind: string;
  /** Undefined for what belongs to the whole cluster. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** One thing that one linter does not like. */
export interface Finding {
  readonly linter: LinterName;
  /** Identifier of the check, as the linter's own documentation lists it. */
  readonly check: string;
  readonly object: LintedObject;
  /** Undefined when it is about the object or the whole pod, or when the linter does not say. */
  readonly container: string | undefined;
  /** What the linter says is wrong, and what to do. */
  readonly advice: string;
}

/** An object as people name it: `Deployment algorun/grafana`. */
export function objectText({ kind, namespace, name }: LintedObject): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** A finding on one line. */
export function findingText(finding: Finding): string {
  const container = finding.container === undefined ? "" : ` container ${finding.container}`;
  return `${finding.linter} ${finding.check}: ${objectText(finding.object)}${container}: ${finding.advice}`;
}

/** Findings in an order that does not depend on the linters', some of which have none; each is there once. */
export function sortedFindings(findings: readonly Finding[]): readonly Finding[] {
  const byText = new Map(findings.map((finding) => [findingText(finding), finding]));
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, finding]) => finding);
}

/** An absent namespace or container is an empty text in what the linters write. */
export function unlessEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

/** Advice on one line, whatever a linter broke it into. */
export function oneLine(...sentences: readonly string[]): string {
  return sentences
    .map((sentence) => sentence.replace(/\s+/g, " ").trim().replace(/\.$/, ""))
    .filter((sentence) => sentence !== "")
    .join(". ");
}
