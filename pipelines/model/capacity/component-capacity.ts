import type { ComponentPlan, DataConnectorPlan, ResourcesPlan } from "../plan/plan";
import { amountOf, unit, type Amount } from "../values/amount";
import { compareText, distinct } from "../values/text";
import type { AmountRange, ComponentCapacity, QuotaUse } from "./capacity";
import { sumOfUses } from "./sums";

/** The pod of a helper may still be stopping when its successor is there. */
const podsOfHelper = 2;

/** What a component takes of the cluster. */
export function componentCapacity(component: ComponentPlan): ComponentCapacity {
  const pods = podsOf(component);
  const uses = [
    times(podResources(component), pods.scheduled),
    counted({ pods: pods.admitted }),
    volumesOf(component),
  ];
  if (component.kind === "dataConnector") uses.push(...helpersOf(component));
  return { component: component.name, use: sumOfUses(uses) };
}

/** Numbers of pods. */
interface PodRange {
  readonly least: number;
  readonly most: number;
}

/**
 * A Deployment starts each new pod before it stops the old one, and a stopping pod counts until it is gone: while every
 * pod finishes its last message, there are twice as many. A StatefulSet replaces pod by pod. Where pods have GPUs, the
 * old ones go first: the new ones are there and wait, but nothing is set aside for them.
 */
function podsOf(component: ComponentPlan): { readonly admitted: PodRange; readonly scheduled: PodRange } {
  const { replicas, autoscaling } = component;
  const least = autoscaling?.minReplicas ?? replicas;
  const most = mostPods(component);
  const inPlace = { least, most };
  const twice = { least, most: 2 * most };
  switch (component.kind) {
    case "endpoint":
      return { admitted: inPlace, scheduled: inPlace };
    case "algo":
      return { admitted: twice, scheduled: component.gpu === undefined ? twice : inPlace };
    case "dataConnector":
    case "eventHook":
      return { admitted: twice, scheduled: twice };
  }
}

/** The most pods that a component has while nothing is being replaced. */
function mostPods({ replicas, autoscaling }: ComponentPlan): number {
  return Math.max(replicas, autoscaling?.maxReplicas ?? 0);
}

/**
 * What the scheduler sets aside for one pod: containers that run side by side add up; one that runs before the others
 * and ends only counts where it asks for more than they do together.
 */
export function podResources(component: ComponentPlan): ResourcesAmounts {
  const main = amountsOf(component.resources);
  if (component.kind !== "algo" || component.runnerResources === undefined) return main;
  const runner = amountsOf(component.runnerResources);
  return component.runner === "sidecar"
    ? combined(main, runner, (a, b) => a + b)
    : combined(main, runner, (a, b) => (a > b ? a : b));
}

/** Amounts by `requests.{resource}` and `limits.{resource}`, sorted. */
export type ResourcesAmounts = Readonly<Record<string, Amount>>;

function amountsOf({ requests, limits }: ResourcesPlan): ResourcesAmounts {
  const entries = Object.entries({ limits, requests }).flatMap(([list, quantities]) =>
    Object.entries(quantities).map(([name, text]) => [`${list}.${name}`, amountOf(text)] as const),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)));
}

function combined(
  first: ResourcesAmounts,
  second: ResourcesAmounts,
  combine: (a: Amount, b: Amount) => Amount,
): ResourcesAmounts {
  const names = distinct([first, second].flatMap(Object.keys));
  return Object.fromEntries(names.map((name) => [name, combine(first[name] ?? 0n, second[name] ?? 0n)]));
}

function times(each: ResourcesAmounts, { least, most }: PodRange): QuotaUse {
  const entries = Object.entries(each).map(([name, amount]): [string, AmountRange] => [
    name,
    { least: amount * BigInt(least), most: amount * BigInt(most) },
  ]);
  return Object.fromEntries(entries);
}

function counted(counts: Readonly<Record<string, PodRange>>): QuotaUse {
  return Object.fromEntries(
    Object.entries(counts).map(([name, range]) => [name, times({ [name]: unit }, range)[name] ?? none]),
  );
}

const none: AmountRange = { least: 0n, most: 0n };

/** A claim for each pod whose write-ahead log lies on a volume. */
function volumesOf(component: ComponentPlan): QuotaUse {
  if (component.kind !== "endpoint" || component.writeAheadLog.size === undefined) return {};
  const { scheduled } = podsOf(component);
  return {
    ...counted({ persistentvolumeclaims: scheduled }),
    ...times({ "requests.storage": amountOf(component.writeAheadLog.size) }, scheduled),
  };
}

/**
 * The pods of the Job that registers a connector, which end when it is registered; and the one that restarts what fails
 * of it, whose successor waits until it is gone.
 */
function helpersOf({ helperResources, autoRestart }: DataConnectorPlan): readonly QuotaUse[] {
  const each = amountsOf(helperResources);
  const registration = { least: 0, most: podsOfHelper };
  const uses = [times(each, registration), counted({ pods: registration })];
  if (autoRestart === undefined) return uses;
  const restarts = times(each, { least: 1, most: 1 });
  return [...uses, restarts, counted({ pods: { least: 1, most: podsOfHelper } })];
}
