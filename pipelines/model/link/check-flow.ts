import type { LinkedDeployment } from "./link";
import type { LinkedPipe } from "./link-pipes";
import type { ProblemReport } from "../document/problem";
import { compareText, distinct } from "../values/text";

/** Warns of algos that no data can reach, and of pipes that lead in a circle. */
export function checkFlow(linked: LinkedDeployment, report: ProblemReport): void {
  reportUnreachable(linked, report);
  for (const circle of circlesOf(linked.pipes)) reportCircle(circle, linked, report);
}

/** Whether an algo makes messages of its own: it talks to Kafka itself, and reads nothing. */
export function isSource({ executor, inputs }: LinkedDeployment["algos"][number]["algo"]): boolean {
  return executor === "Delegated" && inputs.length === 0;
}

function reportUnreachable({ algos, pipes, source }: LinkedDeployment, report: ProblemReport): void {
  const fed = algos.filter(({ name }) => pipes.some(({ to }) => to.component === name));
  const passive = new Set(algos.filter(({ algo }) => !isSource(algo)).map(({ name }) => name));
  const origins = pipes.map(({ from }) => from.component).filter((name) => !passive.has(name));
  const reached = new Set(origins.flatMap((name) => [...reachableFrom(name, pipes)]));
  for (const { name, reference, at } of fed.filter((algo) => !reached.has(algo.name))) {
    if (passive.has(name)) {
      const message = `only algos without data of their own lead to ${reference}: it runs, and has nothing to do; lead a pipe to it, or to them, from where data comes in`;
      report.warning(source, at, message);
    }
  }
}

function reportCircle(
  circle: readonly LinkedPipe[],
  { algos, connectors, source }: LinkedDeployment,
  report: ProblemReport,
): void {
  const first = circle[0];
  if (first === undefined) return;
  const references = new Map([...algos, ...connectors].map(({ name, reference }) => [name, reference]));
  const members = [...circle.map(({ from }) => from.component), first.from.component];
  const route = members.map((name) => references.get(name) ?? name).join(" → ");
  const message = `the pipes lead in a circle: ${route}; the topics between them let it run, but what each passes on goes round for ever, so one of them must end it`;
  report.warning(source, (circle.at(-1) ?? first).at, message);
}

/** Everything that messages of a component lead to. */
function reachableFrom(component: string, pipes: readonly LinkedPipe[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [component];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { from, to } of pipes) {
      if (from.component !== next || found.has(to.component)) continue;
      found.add(to.component);
      open.push(to.component);
    }
  }
  return found;
}

/** One shortest circle for each set of components that lead to each other, from its first member by name. */
function circlesOf(pipes: readonly LinkedPipe[]): readonly (readonly LinkedPipe[])[] {
  const names = distinct(pipes.flatMap(({ from, to }) => [from.component, to.component]));
  const reach = new Map(names.map((name) => [name, reachableFrom(name, pipes)]));
  const leads = (from: string, to: string): boolean => reach.get(from)?.has(to) === true;
  const firsts = names.filter(
    (name) =>
      leads(name, name) && !names.some((other) => other < name && leads(name, other) && leads(other, name)),
  );
  return firsts.map((first) => shortestCircle(first, pipes));
}

function shortestCircle(start: string, pipes: readonly LinkedPipe[]): readonly LinkedPipe[] {
  const sorted = [...pipes].sort((a, b) => compareText(a.to.component, b.to.component));
  const seen = new Set<string>();
  let paths: readonly (readonly LinkedPipe[])[] = [[]];
  while (paths.length > 0) {
    const longer = paths.flatMap((path) => {
      const end = path.at(-1)?.to.component ?? start;
      return sorted.filter(({ from }) => from.component === end).map((pipe) => [...path, pipe]);
    });
    const closed = longer.find((path) => path.at(-1)?.to.component === start);
    if (closed !== undefined) return closed;
    paths = longer.filter((path) => {
      const end = path.at(-1)?.to.component ?? start;
      const isNew = !seen.has(end);
      seen.add(end);
      return isNew;
    });
  }
  return [];
}
