import { deploymentId } from "./deployment-names";
import type { Documents, Sourced } from "../document/documents";
import type { DocumentSource } from "../document/problem";
import type { DeploymentSpec } from "../schema/pipeline-schema";
import type { RolloutTargetSpec } from "../schema/rollout-schema";
import { compareText, distinct } from "../values/text";

/** A deployment as others see it. */
export interface ListedDeployment {
  readonly id: string;
  readonly spec: DeploymentSpec;
  readonly source: DocumentSource;
}

/** All deployments of the documents, for those that roll out to another. */
export class DeploymentDirectory {
  private readonly listed: ReadonlyMap<string, ListedDeployment>;
  private readonly byVersion: ReadonlyMap<string, readonly ListedDeployment[]>;
  private readonly faulty: ReadonlySet<string>;
  private readonly copied: ReadonlyMap<string, readonly string[]>;

  constructor({ deployments, faultyDeployments = [] }: Documents) {
    const all = deployments.map(listing).sort((a, b) => compareText(a.id, b.id));
    this.listed = new Map(all.map((deployment) => [deployment.id, deployment]));
    this.byVersion = grouped(all.map((deployment) => [versionKey(deployment.spec), deployment]));
    this.faulty = new Set(faultyDeployments);
    this.copied = grouped(all.flatMap((deployment) => this.copiesOf(deployment)));
  }

  /** Ids of all deployments, sorted. */
  get ids(): readonly string[] {
    return [...this.listed.keys()];
  }

  /** The deployment of an id. */
  find(id: string): ListedDeployment | undefined {
    return this.listed.get(id);
  }

  /** Whether a deployment of this id is there, but has errors of its own that are reported. */
  isFaulty(id: string): boolean {
    return this.faulty.has(id);
  }

  /** Other deployments of the same pipeline that have a version, sorted by id. */
  withVersion({ id, spec }: ListedDeployment, version: string): readonly ListedDeployment[] {
    const key = versionKey({ ...spec, pipelineVersionTag: version });
    return (this.byVersion.get(key) ?? []).filter((other) => other.id !== id);
  }

  /** Versions of the same pipeline that other deployments have, sorted. */
  otherVersions({ id, spec }: ListedDeployment): readonly string[] {
    const others = [...this.listed.values()].filter(
      (other) =>
        other.id !== id &&
        other.spec.pipelineOwner === spec.pipelineOwner &&
        other.spec.pipelineName === spec.pipelineName,
    );
    return distinct(others.map((other) => other.spec.pipelineVersionTag));
  }

  /** The deployment that a rollout means; undefined when there is not exactly one. */
  target(from: ListedDeployment, { deployment, version }: RolloutTargetSpec): ListedDeployment | undefined {
    if (deployment !== undefined) return this.find(deployment);
    const [target, ...others] = version === undefined ? [] : this.withVersion(from, version);
    return others.length > 0 ? undefined : target;
  }

  /**
   * Ids of the deployments under whose path copied requests come in at a deployment, sorted. Envoy copies a request as
   * it leaves, so with the path of the deployment that answers it: the one that has the shadow, or one of its canaries.
   */
  copiesAt(id: string): readonly string[] {
    return distinct(this.copied.get(id) ?? []);
  }

  private copiesOf(from: ListedDeployment): readonly (readonly [shadow: string, answering: string])[] {
    const { rollout } = from.spec.endpoint ?? {};
    const shadow = rollout?.shadow && this.target(from, rollout.shadow);
    if (rollout === undefined || shadow === undefined) return [];
    const canaries = rollout.canary.flatMap((canary) => this.target(from, canary)?.id ?? []);
    return [from.id, ...canaries].map((answering) => [shadow.id, answering] as const);
  }
}

/** A deployment's document, as others see it. */
export function listing({
  document: { spec },
  source,
}: Sourced<{ readonly spec: DeploymentSpec }>): ListedDeployment {
  return { id: deploymentId(spec), spec, source };
}

type Versioned = Pick<DeploymentSpec, "pipelineName" | "pipelineOwner" | "pipelineVersionTag">;

function versionKey({ pipelineOwner, pipelineName, pipelineVersionTag }: Versioned): string {
  return JSON.stringify([pipelineOwner, pipelineName, pipelineVersionTag]);
}

function grouped<V>(
  entries: readonly (readonly [key: string, value: V])[],
): ReadonlyMap<string, readonly V[]> {
  const groups = new Map<string, V[]>();
  for (const [key, value] of entries) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
