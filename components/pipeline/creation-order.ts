import type { TopicPlan } from "../../pipelines/model/plan/plan";

/** A component, and the components that must exist before it. */
export interface CreationStep<Member> {
  readonly component: Member;
  /** Names of components that come earlier in the list, sorted. */
  readonly after: readonly string[];
}

/**
 * The order in which a pipeline's components are made: who reads a topic before who writes it, so that nothing is
 * produced that nobody will read. Components on a cycle of pipes wait for what the cycle as a whole feeds, and not for
 * each other.
 */
export function creationOrder<Member extends { readonly name: string }>(
  components: readonly Member[],
  topics: readonly Pick<TopicPlan, "producedBy" | "consumedBy">[],
): readonly CreationStep<Member>[] {
  const names = components.map(({ name }) => name);
  const fed = new Map(names.map((name) => [name, everythingFedBy(name, topics)]));
  const feeds = (from: string, to: string): boolean => fed.get(from)?.has(to) ?? false;
  const before = new Map(
    names.map((name) => [name, names.filter((other) => feeds(name, other) && !feeds(other, name))]),
  );
  const beforeOf = ({ name }: { readonly name: string }): readonly string[] => before.get(name) ?? [];
  // Whoever waits for a component also waits for all that this one waits for, and so has more before it.
  return components
    .toSorted(
      (left, right) => beforeOf(left).length - beforeOf(right).length || (left.name < right.name ? -1 : 1),
    )
    .map((component) => {
      const waitedForAnyway = new Set(beforeOf(component).flatMap((name) => beforeOf({ name })));
      return {
        component,
        after: beforeOf(component)
          .filter((name) => !waitedForAnyway.has(name))
          .sort(),
      };
    });
}

/** Everything that a component's messages lead to, itself included when it is on a cycle. */
function everythingFedBy(
  component: string,
  topics: readonly Pick<TopicPlan, "producedBy" | "consumedBy">[],
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [component];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { producedBy, consumedBy } of topics) {
      if (producedBy.component !== next) continue;
      for (const reader of consumedBy) {
        if (found.has(reader.component)) continue;
        found.add(reader.component);
        open.push(reader.component);
      }
    }
  }
  return found;
}
