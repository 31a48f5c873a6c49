import { runCommand } from "../local/commands/command";
import { acceptedFindings } from "./accepted-findings";
import { judge } from "./judgement";
import { lintManifests } from "./lint-manifests";
import { faultCount, reportLines } from "./report";
import { lintedStack, stackManifests } from "./stack-manifests";

/**
 * `make lint-manifests`: has the linters look at the manifests of a stack. A part of the list of accepted findings that
 * matches nothing is a fault only in the stack that the list is made for: another one may lack the object.
 */
runCommand(async () => {
  const stack = process.argv[2] ?? lintedStack;
  const found = judge(await lintManifests(await stackManifests(stack)), acceptedFindings);
  const judgement = stack === lintedStack ? found : { ...found, stale: [] };
  console.log(reportLines(judgement).join("\n"));
  return faultCount(judgement) === 0 ? 0 : 1;
});
