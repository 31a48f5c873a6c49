import type { PlannedDeployment } from "../deployment-planner";
import type { PathStep } from "../document/problem";
import { endpointName, eventHookName } from "../link/link-pipes";
import type { Amount } from "../values/amount";
import { compareText } from "../values/text";

/** What adds to a sum. */
export interface Contributor {
  readonly name: string;
  readonly amount: Amount;
  /** `file:line` of the document that asks for it. */
  readonly place: string;
}

/** How many contributors a message names. */
const named = 3;

/** The largest first. */
export function byAmount<C extends Contributor>(contributors: readonly C[]): readonly C[] {
  return [...contributors].sort((a, b) =>
    a.amount === b.amount ? compareText(a.name, b.name) : a.amount > b.amount ? -1 : 1,
  );
}

/** The largest contributors, each with its amount and place. */
export function inWords(contributors: readonly Contributor[], text: (amount: Amount) => string): string {
  const all = byAmount(contributors).filter(({ amount }) => amount > 0n);
  const first = all.slice(0, named).map(({ name, amount, place }) => `${name} ${text(amount)} (${place})`);
  const rest = all.length - first.length;
  return [...first, ...(rest === 0 ? [] : [`${rest} more`])].join(", ");
}

/** Where the document asks for a component. */
export function componentPlace({ linked }: PlannedDeployment, component: string): string {
  const { source, algos, connectors } = linked;
  const paths: Readonly<Record<string, readonly PathStep[]>> = {
    [endpointName]: ["spec", "endpoint"],
    [eventHookName]: ["spec", "eventHook"],
  };
  const entry = [...algos, ...connectors].find(({ name }) => name === component);
  return `${source.file}:${source.lineOf(entry?.at ?? paths[component] ?? [])}`;
}
