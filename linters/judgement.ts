import type { AcceptedFinding } from "./accepted-finding";
import { objectText, type Finding, type LinterName } from "./finding";

/** What the linters' findings come to. */
export interface Judgement {
  /** Findings that nobody has accepted. */
  readonly unaccepted: readonly Finding[];
  /** How many findings of each check are accepted, in the order of the list. */
  readonly accepted: readonly AcceptedCheck[];
  /** Parts of the list that match nothing any more. */
  readonly stale: readonly StaleAcceptance[];
}

/** The accepted findings of one check. */
export interface AcceptedCheck {
  readonly linter: LinterName;
  readonly check: string;
  readonly count: number;
}

/** A pattern of the list that matches no finding. */
export interface StaleAcceptance {
  readonly linter: LinterName;
  readonly check: string;
  /** The pattern of an object or a container. */
  readonly pattern: string;
}

/** Holds findings against the list of those that are accepted. */
export function judge(findings: readonly Finding[], list: readonly AcceptedFinding[]): Judgement {
  const isAccepted = (finding: Finding): boolean => list.some((entry) => accepts(entry, finding));
  const counts = new Map<string, AcceptedCheck>();
  for (const { linter, check } of list) {
    const count = findings.filter(
      (finding) => finding.linter === linter && finding.check === check && isAccepted(finding),
    ).length;
    counts.set(`${linter} ${check}`, { linter, check, count });
  }
  return {
    unaccepted: findings.filter((finding) => !isAccepted(finding)),
    accepted: [...counts.values()].filter(({ count }) => count > 0),
    stale: list.flatMap((entry) => staleParts(entry, findings)),
  };
}

function accepts(entry: AcceptedFinding, finding: Finding): boolean {
  return (
    entry.linter === finding.linter &&
    entry.check === finding.check &&
    entry.objects.some((pattern) => matches(pattern, objectText(finding.object))) &&
    (entry.containers === undefined ||
      entry.containers.some((pattern) => matches(pattern, finding.container ?? "")))
  );
}

function staleParts(entry: AcceptedFinding, findings: readonly Finding[]): readonly StaleAcceptance[] {
  const { linter, check, containers } = entry;
  const accepted = findings.filter((finding) => accepts(entry, finding));
  const objects = entry.objects.filter(
    (pattern) => !accepted.some(({ object }) => matches(pattern, objectText(object))),
  );
  const unused = (containers ?? []).filter(
    (pattern) => !accepted.some(({ container }) => matches(pattern, container ?? "")),
  );
  return [...objects, ...unused].map((pattern) => ({ linter, check, pattern }));
}

/** Whether a text is of a pattern, in which `*` stands for any characters of one word. */
function matches(pattern: string, text: string): boolean {
  const words = pattern.split("*").map((word) => word.replace(/[\\^$.+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${words.join("[^ /]*")}$`).test(text);
}
