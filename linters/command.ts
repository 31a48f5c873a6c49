import { runCommand } from "../local/commands/command";
import { acceptedFindings } from "./accepted-findings";
import { sortedFindings } from "./finding";
import { judge } from "./judgement";
import { lintManifests } from "./lint-manifests";
import { faultCount, reportLines } from "./report";
import { lintedStacks, stackManifests } from "./stack-manifests";

/**
 * `make lint-manifests`: has the linters look at the manifests of the stack that is named, or of all that are kept for
 * review. A part of the list of accepted findings that matches nothing is a fault only in the latter case: no stack has
 * everything.
 */
runCommand(async () => {
  const named = process.argv.slice(2);
  const stacks = named.length > 0 ? named : lintedStacks;
  const findings = await Promise.all(stacks.map((stack) => lintManifests(stackManifests(stack))));
  const found = judge(sortedFindings(findings.flat()), acceptedFindings);
  const judgement = named.length > 0 ? { ...found, stale: [] } : found;
  console.log(reportLines(judgement).join("\n"));
  return faultCount(judgement) === 0 ? 0 : 1;
});
