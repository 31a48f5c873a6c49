import { minimatch } from "minimatch";
import { didYouMean } from "../document/nearest-name";
import { distinct } from "../values/text";

/** Which of all deployments a stack makes: globs of `owner.name`. */
export interface DeploymentSelection {
  readonly include: readonly string[];
  /** Wins over `include`. */
  readonly exclude: readonly string[];
}

/** Another stack that makes pipelines on the same platform. */
export interface SiblingStack extends DeploymentSelection {
  readonly stack: string;
}

/** All deployments there are: what a stack makes that says nothing. */
export const everyDeployment: DeploymentSelection = { include: ["*"], exclude: [] };

/** Whether a selection has a deployment, by its `owner.name`. */
export function isSelected(id: string, { include, exclude }: DeploymentSelection): boolean {
  const matches = (glob: string): boolean => matchesGlob(id, glob);
  return include.some(matches) && !exclude.some(matches);
}

/** No glob is a comment or the contrary of one: `exclude` says what is left out. */
function matchesGlob(id: string, glob: string): boolean {
  return minimatch(id, glob, { nocomment: true, nonegate: true });
}

/** What the checks look at. */
export interface SelectableDeployments {
  /** Every deployment of the documents, by `owner.name`, whether it can be planned or not. */
  readonly ids: readonly string[];
  /** What can be planned, and what its routes lead to. */
  readonly plans: readonly { readonly id: string; readonly rolloutTargets: readonly string[] }[];
}

/**
 * What is wrong with a selection: globs that match nothing, deployments that another stack makes as well, and rollouts
 * to deployments that are left out.
 *
 * @param siblings - stacks that make pipelines on the same platform
 * @returns one line for each, with the key, what was found, what was expected, and what to do
 */
export function selectionProblems(
  { ids, plans }: SelectableDeployments,
  selection: DeploymentSelection,
  siblings: readonly SiblingStack[] = [],
): readonly string[] {
  const sorted = distinct(ids);
  const selected = sorted.filter((id) => isSelected(id, selection));
  return [
    ...idleGlobs("include", selection.include, sorted),
    ...idleGlobs("exclude", selection.exclude, sorted),
    ...selected.flatMap((id) => madeTwice(id, siblings)),
    ...plans.filter(({ id }) => isSelected(id, selection)).flatMap((plan) => cutRollouts(plan, selection)),
  ];
}

/** A glob of everything, such as `*`, is right even before there is a document. */
function idleGlobs(
  key: keyof DeploymentSelection,
  globs: readonly string[],
  ids: readonly string[],
): readonly string[] {
  return globs.flatMap((glob, index) => {
    if (/^[*.]+$/.test(glob) || ids.some((id) => matchesGlob(id, glob))) return [];
    const known = ids.length === 0 ? "no deployment" : ids.join(", ");
    const hint = didYouMean(glob, ids) || `; the documents have ${known}`;
    return [
      `algorun:${key}[${index}]: found ${JSON.stringify(glob)}, which matches no deployment, ` +
        `expected a glob of owner.name${hint}`,
    ];
  });
}

function madeTwice(id: string, siblings: readonly SiblingStack[]): readonly string[] {
  const other = siblings.find((sibling) => isSelected(id, sibling));
  if (other === undefined) return [];
  return [
    `algorun:include: takes ${JSON.stringify(id)}, which the stack ${JSON.stringify(other.stack)} makes as well, ` +
      "expected one stack for each deployment: exclude it from one of them",
  ];
}

function cutRollouts(
  { id, rolloutTargets }: SelectableDeployments["plans"][number],
  selection: DeploymentSelection,
): readonly string[] {
  return rolloutTargets
    .filter((target) => !isSelected(target, selection))
    .map(
      (target) =>
        `algorun:include: takes ${JSON.stringify(id)} and not ${JSON.stringify(target)}, which it rolls out to, ` +
        "expected both or neither, since one stack must make them in order",
    );
}
