import { checkRolloutTarget } from "./check-rollout-target";
import type { DeploymentDirectory, ListedDeployment } from "./deployment-directory";
import { knownNames } from "../document/nearest-name";
import type { PathStep, ProblemReport } from "../document/problem";
import type { CanarySpec, RolloutSpec, RolloutTargetSpec } from "../schema/rollout-schema";
import { compareText, oneOf } from "../values/text";

/** Where a deployment's requests go beside its own endpoint. */
export interface LinkedRollout {
  /** Sorted by id. */
  readonly canaries: readonly { readonly target: ListedDeployment; readonly weight: number }[];
  readonly shadow?: { readonly target: ListedDeployment; readonly weight: number };
  /** Sorted by name and value. */
  readonly headers: readonly {
    readonly target: ListedDeployment;
    readonly name: string;
    readonly value: string;
  }[];
}

const at: readonly PathStep[] = ["spec", "endpoint", "rollout"];

/** Where the rollouts of a deployment's document stand. */
export const rolloutAt = at;

/** Resolves the rollouts of a deployment; what leads nowhere is reported and left out. */
export function linkRollout(
  from: ListedDeployment,
  directory: DeploymentDirectory,
  report: ProblemReport,
): LinkedRollout {
  const rollout = from.spec.endpoint?.rollout;
  if (rollout === undefined) return { canaries: [], headers: [] };
  const linker = new RolloutLinker(from, directory, report);
  const canaries = rollout.canary.flatMap((canary, index) => {
    const path = [...at, "canary", index];
    const target = linker.target(canary, path);
    const weight = linker.weight(canary, path);
    return target === undefined || weight === undefined ? [] : [{ target, weight, path }];
  });
  const shadow = rollout.shadow && linker.target(rollout.shadow, [...at, "shadow"]);
  const headers = rollout.headers.flatMap((header, index) => {
    const path = [...at, "headers", index];
    const target = linker.target(header, path);
    return target === undefined ? [] : [{ target, name: header.name, value: header.value, path }];
  });
  linker.checkCanaries(canaries, shadow);
  linker.checkHeaders(headers);
  return {
    canaries: canaries
      .map(({ target, weight }) => ({ target, weight }))
      .sort((a, b) => compareText(a.target.id, b.target.id)),
    shadow: shadow && { target: shadow, weight: rollout.shadow?.weight ?? 0 },
    headers: headers
      .map(({ target, name, value }) => ({ target, name, value }))
      .sort((a, b) => compareText(a.name, b.name) || compareText(a.value, b.value)),
  };
}

interface Placed {
  readonly target: ListedDeployment;
  readonly path: readonly PathStep[];
}

class RolloutLinker {
  constructor(
    private readonly from: ListedDeployment,
    private readonly directory: DeploymentDirectory,
    private readonly report: ProblemReport,
  ) {}

  target(stated: RolloutTargetSpec, path: readonly PathStep[]): ListedDeployment | undefined {
    if ((stated.deployment === undefined) === (stated.version === undefined)) {
      const found = stated.version === undefined ? "neither" : "both";
      this.error(
        path,
        `found ${found}, expected exactly one of deployment and version, which say where requests go`,
      );
      return undefined;
    }
    const [field, reason] =
      stated.version === undefined
        ? (["deployment", this.whyNotDeployment(stated.deployment ?? "")] as const)
        : (["version", this.whyNotVersion(stated.version)] as const);
    const target = this.directory.target(this.from, stated);
    if (reason !== undefined) this.error([...path, field], reason);
    if (reason !== undefined || target === undefined) return undefined;
    const faults = checkRolloutTarget(this.from, target);
    for (const fault of faults) this.error([...path, field], fault);
    return faults.length === 0 ? target : undefined;
  }

  weight(canary: CanarySpec, path: readonly PathStep[]): number | undefined {
    const { weight, steps, step } = canary;
    if ((weight === undefined) === (steps === undefined)) {
      this.error(
        path,
        `found ${weight === undefined ? "neither" : "both"}, expected exactly one of weight and steps`,
      );
      return undefined;
    }
    if (steps === undefined) {
      if (step !== undefined) this.error([...path, "step"], "has no effect without steps; remove it");
      return weight;
    }
    steps.forEach((each, index) => {
      const before = steps[index - 1] ?? 0;
      if (each > before) return;
      this.error([...path, "steps", index], `found ${each} after ${before}, expected steps that rise`);
    });
    const taken = step ?? 0;
    if (taken > steps.length) {
      const message = `found step ${taken}, expected 0 to ${steps.length}: the steps are ${steps.join(", ")}`;
      this.error([...path, "step"], message);
    }
    return taken === 0 ? 0 : steps[taken - 1];
  }

  checkCanaries(
    canaries: readonly (Placed & { readonly weight: number })[],
    shadow: ListedDeployment | undefined,
  ): void {
    const total = canaries.reduce((sum, { weight }) => sum + weight, 0);
    if (total > 100) {
      const weights = canaries.map(({ target, weight }) => `${target.id} ${weight}`).join(", ");
      this.error([...at, "canary"], `found weights of ${total} together (${weights}), expected at most 100`);
    }
    this.checkDistinct(canaries, ({ target }) => target.id, "a second canary");
    const doubled = canaries.find(({ target, weight }) => target.id === shadow?.id && weight > 0);
    if (doubled !== undefined) {
      const message = `${doubled.target.id} is a canary, too, and would get its requests twice; expected another deployment, or a canary at step 0`;
      this.error([...at, "shadow"], message);
    }
  }

  checkHeaders(headers: readonly (Placed & { readonly name: string; readonly value: string })[]): void {
    this.checkDistinct(headers, ({ name, value }) => `${name}: ${value}`, "a second route for the header");
  }

  private checkDistinct<P extends Placed>(
    placed: readonly P[],
    keyOf: (each: P) => string,
    what: string,
  ): void {
    const first = new Map<string, P>();
    for (const each of placed) {
      const key = keyOf(each);
      const earlier = first.get(key);
      if (earlier === undefined) {
        first.set(key, each);
      } else {
        const line = this.from.source.lineOf(earlier.path);
        this.error(
          each.path,
          `${what} ${key}, the first is at line ${line} and leads to ${earlier.target.id}; remove one`,
        );
      }
    }
  }

  private whyNotDeployment(id: string): string | undefined {
    if (id === this.from.id) return `found ${id}, which is this deployment itself, expected another one`;
    if (this.directory.find(id) !== undefined || this.directory.isFaulty(id)) return undefined;
    const others = this.directory.ids.filter((other) => other !== this.from.id);
    const expected = others.length === 0 ? "another one, and there is none" : knownNames(id, others);
    return `no deployment ${JSON.stringify(id)}, expected ${expected}`;
  }

  private whyNotVersion(version: string): string | undefined {
    const { pipelineOwner, pipelineName } = this.from.spec;
    const found = this.directory.withVersion(this.from, version);
    if (found.length === 1) return undefined;
    const pipeline = `${pipelineOwner}/${pipelineName}`;
    if (found.length > 1) {
      const ids = found.map(({ id }) => id);
      return `version ${JSON.stringify(version)} of ${pipeline} is deployed as ${oneOf(ids)}; say which one by deployment`;
    }
    const versions = this.directory.otherVersions(this.from);
    const expected = versions.length === 0 ? "one, and no other is deployed" : knownNames(version, versions);
    return `no other deployment of ${pipeline} has version ${JSON.stringify(version)}, expected ${expected}`;
  }

  private error(path: readonly PathStep[], message: string): void {
    this.report.error(this.from.source, path, message);
  }
}

/** The targets that a rollout states, and where. */
export function statedTargets(
  rollout: RolloutSpec | undefined,
): readonly { readonly target: RolloutTargetSpec; readonly path: readonly PathStep[] }[] {
  if (rollout === undefined) return [];
  return [
    ...rollout.canary.map((target, index) => ({ target, path: [...at, "canary", index] })),
    ...(rollout.shadow === undefined ? [] : [{ target: rollout.shadow, path: [...at, "shadow"] }]),
    ...rollout.headers.map((target, index) => ({ target, path: [...at, "headers", index] })),
  ];
}
