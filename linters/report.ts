import { findingText } from "./finding";
import type { Judgement } from "./judgement";

/** How many things are to be put right. */
export function faultCount({ unaccepted, stale }: Judgement): number {
  return unaccepted.length + stale.length;
}

/** What a person reads: each fault on a line of its own, then how many findings of each check are accepted. */
export function reportLines(judgement: Judgement): readonly string[] {
  const { unaccepted, accepted, stale } = judgement;
  const faults = faultCount(judgement);
  const total = accepted.reduce((sum, { count }) => sum + count, 0);
  return [
    ...unaccepted.map(findingText),
    ...stale.map(
      ({ linter, check, pattern }) =>
        `linters/accepted-findings.ts: ${linter} ${check}: "${pattern}" matches no finding any more: take it off the list`,
    ),
    faults === 0 ? "The linters find nothing that is not accepted." : `To put right: ${faults}.`,
    `Accepted, for the reasons in docs/linters.md: ${total}.`,
    ...accepted.map(({ linter, check, count }) => `${String(count).padStart(5)}  ${linter} ${check}`),
  ];
}
