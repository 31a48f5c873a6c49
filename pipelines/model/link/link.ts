import type { AlgoCatalogue } from "../document/algo-catalogue";
import type { ConnectorCatalogue } from "../document/connector-catalogue";
import { listing, type DeploymentDirectory } from "./deployment-directory";
import { dataIdentity, type DeploymentIdentity } from "./deployment-identity";
import type { Sourced } from "../document/documents";
import { linkConnector, type LinkedConnector } from "./link-connectors";
import { linkPipes, type LinkedPipe } from "./link-pipes";
import { linkRollout, type LinkedRollout } from "./link-rollout";
import { componentName } from "../values/names";
import { knownNames } from "../document/nearest-name";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import type { AlgoSpec } from "../schema/algo-schema";
import type {
  AlgoDeploymentSpec,
  DeploymentSpec,
  PipelineDeploymentDocument,
} from "../schema/pipeline-schema";
import { compareText, oneOf } from "../values/text";

/** An algo of a deployment, and the algo that it refers to. */
export interface LinkedAlgo {
  /** `owner/name:version[index]`, as pipes name it. */
  readonly reference: string;
  /** Kubernetes name of the component. */
  readonly name: string;
  /** The name without the version: what its consumer group is called after. Unique in the deployment, too. */
  readonly consumer: string;
  readonly spec: AlgoDeploymentSpec;
  /** Where `spec` stands in the deployment's document. */
  readonly at: readonly PathStep[];
  readonly algo: AlgoSpec;
  readonly version: AlgoSpec["versions"][number];
  /** Document that holds the algo: an Algo document, or the deployment's own. */
  readonly algoSource: DocumentSource;
  /** Where `algo` stands in that document. */
  readonly algoAt: readonly PathStep[];
  /** Where `version` stands in that document. */
  readonly versionAt: readonly PathStep[];
}

/** A deployment whose references are resolved. */
export interface LinkedDeployment {
  /** `{owner}.{name}` */
  readonly id: string;
  /** Under which names its data is kept: other than its own after it was renamed. */
  readonly data: DeploymentIdentity;
  readonly source: DocumentSource;
  readonly spec: DeploymentSpec;
  /** Sorted by component name. */
  readonly algos: readonly LinkedAlgo[];
  /** Sorted by component name. */
  readonly connectors: readonly LinkedConnector[];
  /** Sorted by what they join. */
  readonly pipes: readonly LinkedPipe[];
  readonly rollout: LinkedRollout;
  /** Deployments under whose path copies of requests come in, by id, sorted. */
  readonly copiesOf: readonly string[];
}

/** What deployments refer to. */
export interface Catalogues {
  readonly algos: AlgoCatalogue;
  readonly connectors: ConnectorCatalogue;
}

/** Resolves the references of a deployment; what can't be resolved is reported and left out. */
export function linkDeployment(
  { document, source }: Sourced<PipelineDeploymentDocument>,
  catalogues: Catalogues,
  directory: DeploymentDirectory,
  report: ProblemReport,
): LinkedDeployment | undefined {
  const spec = document.spec;
  const algos = spec.algos.map((entry, index) =>
    linkAlgo(entry, source, ["spec", "algos", index], catalogues.algos, report),
  );
  const connectors = spec.dataConnectors.map((entry, index) =>
    linkConnector(entry, source, ["spec", "dataConnectors", index], catalogues.connectors, report),
  );
  const found = { algos: sortedByName(algos), connectors: sortedByName(connectors) };
  reportClashes([...found.algos, ...found.connectors], source, report);
  reportSharedGroups(found.algos, source, report);
  // Without all of them, a pipe to one of the missing would be reported as unknown.
  if (found.algos.length < algos.length || found.connectors.length < connectors.length) return undefined;
  const pipes = linkPipes(spec, found, source, report);
  const listed = listing({ document, source });
  const rollout = linkRollout(listed, directory, report);
  return {
    id: listed.id,
    data: dataIdentity(spec),
    source,
    spec,
    ...found,
    pipes,
    rollout,
    copiesOf: directory.copiesAt(listed.id),
  };
}

function sortedByName<Linked extends { readonly name: string }>(
  linked: readonly (Linked | undefined)[],
): readonly Linked[] {
  return linked.filter((component) => component !== undefined).sort((a, b) => compareText(a.name, b.name));
}

function linkAlgo(
  entry: AlgoDeploymentSpec,
  source: DocumentSource,
  at: readonly PathStep[],
  catalogue: AlgoCatalogue,
  report: ProblemReport,
): LinkedAlgo | undefined {
  const found = catalogue.find({ ref: entry.algoRef, spec: entry.spec }, source, at, report);
  if (found === undefined) return undefined;
  const index = versionIndex(found.spec, entry.version);
  const version = found.spec.versions[index];
  if (version === undefined) {
    const tags = found.spec.versions.map((candidate) => candidate.versionTag);
    const message =
      entry.version === "latest"
        ? `found "latest", but no version of ${found.spec.owner}/${found.spec.name} is marked latest: true, expected ${oneOf(tags)}`
        : `unknown version ${JSON.stringify(entry.version)} of ${found.spec.owner}/${found.spec.name}, expected ${knownNames(entry.version, tags)}`;
    report.error(source, [...at, "version"], message);
    return undefined;
  }
  const { owner, name } = found.spec;
  return {
    reference: `${owner}/${name}:${entry.version}[${entry.index}]`,
    name: componentName(`${owner}-${name}-${entry.version}-${entry.index}`),
    consumer: componentName(`${owner}-${name}-${entry.index}`),
    spec: entry,
    at,
    algo: found.spec,
    version,
    algoSource: found.source,
    algoAt: found.at,
    versionAt: [...found.at, "versions", index],
  };
}

function versionIndex(algo: AlgoSpec, wanted: string): number {
  const tagged = algo.versions.findIndex((version) => version.versionTag === wanted);
  if (tagged !== -1 || wanted !== "latest") return tagged;
  return algo.versions.findIndex((version) => version.latest);
}

/** What is known of a component that has a name. */
type Named = Pick<LinkedAlgo | LinkedConnector, "name" | "reference" | "at">;

function reportClashes(components: readonly Named[], source: DocumentSource, report: ProblemReport): void {
  const first = new Map<string, Named>();
  for (const component of components) {
    const earlier = first.get(component.name);
    if (earlier === undefined) {
      first.set(component.name, component);
    } else if (earlier.reference === component.reference) {
      const message = `a second ${component.reference}, expected an index of its own; the first is at line ${source.lineOf(earlier.at)}`;
      report.error(source, component.at, message);
    } else {
      const message = `${component.reference} and ${earlier.reference} both get the name ${component.name} in Kubernetes; give one another index`;
      report.error(source, component.at, message);
    }
  }
}

function reportSharedGroups(
  algos: readonly LinkedAlgo[],
  source: DocumentSource,
  report: ProblemReport,
): void {
  const consumers = new Map<string, LinkedAlgo>();
  for (const algo of algos) {
    const sharing = consumers.get(algo.consumer);
    if (sharing === undefined) {
      consumers.set(algo.consumer, algo);
    } else if (sharing.name !== algo.name) {
      const message = `${algo.reference} and ${sharing.reference} (line ${source.lineOf(sharing.at)}) are one consumer to Kafka, which gives each message to one of them only; give one another index`;
      report.error(source, algo.at, message);
    }
  }
}
