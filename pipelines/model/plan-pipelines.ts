import { checkCapacity } from "./capacity/check-capacity";
import { AlgoCatalogue } from "./document/algo-catalogue";
import { ConnectorCatalogue } from "./document/connector-catalogue";
import { DeploymentDirectory } from "./link/deployment-directory";
import { planDeployment, type PlannedDeployment } from "./deployment-planner";
import { loadDocuments, type Documents, type Sourced } from "./document/documents";
import { frozen } from "./values/frozen";
import { linkDeployment, type Catalogues } from "./link/link";
import { formerIdentities } from "./link/deployment-identity";
import { deploymentId } from "./link/deployment-names";
import { topicCollisionKey } from "./values/names";
import type { PipelinePlan } from "./plan/plan";
import type { PlatformFacts } from "./platform-facts";
import {
  DocumentError,
  ProblemReport,
  type DocumentSource,
  type PathStep,
  type Problem,
} from "./document/problem";
import type { PipelineDeploymentDocument } from "./schema/pipeline-schema";
import { reportRolloutBodies } from "./routes/rollout-bodies";
import { reportRouteConflicts } from "./routes/route-conflicts";
import { reportRolloutCycles } from "./link/rollout-cycles";
import { everyDeployment, isSelected, type DeploymentSelection } from "./selection/deployment-selection";
import { compareText, distinct } from "./values/text";

/** The plans of deployments, and the problems of documents. */
export interface PlanningResult {
  /** Those that are selected, sorted by id. Only to be deployed when no problem is an error. */
  readonly plans: readonly PipelinePlan[];
  /** Those that are not, as far as they can be planned for this platform, sorted by id. */
  readonly leftOut: readonly PipelinePlan[];
  /** `owner.name` of every deployment in the documents, whether it can be planned or not, sorted. */
  readonly ids: readonly string[];
  /** Errors and warnings, sorted by file and line. */
  readonly problems: readonly Problem[];
}

/**
 * Plans the deployments of some documents for a platform. Names and routes are checked against those of deployments that
 * are left out: another stack may make these on the same platform. What else is wrong with them is left out as well.
 *
 * @param selection - which of them are meant
 */
export function planPipelines(
  documents: Documents,
  facts: PlatformFacts,
  selection: DeploymentSelection = everyDeployment,
): PlanningResult {
  const report = new ProblemReport();
  const catalogues = {
    algos: new AlgoCatalogue(documents, report),
    connectors: new ConnectorCatalogue(documents, report),
  };
  const directory = new DeploymentDirectory(documents);
  const unheard = new ProblemReport();
  const planned = documents.deployments
    .flatMap((deployment) => {
      const isMeant = isSelected(deploymentId(deployment.document.spec), selection);
      return planOne(deployment, catalogues, directory, facts, isMeant ? report : unheard) ?? [];
    })
    .sort((a, b) => compareText(a.plan.id, b.plan.id));
  const selected = planned.filter(({ plan }) => isSelected(plan.id, selection));
  reportConflicts(documents.deployments, planned, report);
  reportRouteConflicts(planned, facts, report);
  reportRolloutCycles(directory, report);
  checkCapacity(selected, facts, report);
  reportRolloutBodies(planned, report);
  return frozen({
    plans: selected.map(({ plan }) => plan),
    leftOut: planned.filter((one) => !selected.includes(one)).map(({ plan }) => plan),
    ids: distinct([...directory.ids, ...(documents.faultyDeployments ?? [])]),
    problems: ProblemReport.sorted([...documents.problems, ...report.problems]),
  });
}

/**
 * Loads documents and plans them.
 *
 * @param paths files and folders, see {@link loadDocuments}
 * @throws DocumentError when any document has an error; it reports all of them
 */
export function loadPlans(paths: readonly string[], facts: PlatformFacts): PlanningResult {
  const result = planPipelines(loadDocuments(paths), facts);
  if (result.problems.some(({ severity }) => severity === "error")) throw new DocumentError(result.problems);
  return result;
}

function planOne(
  deployment: Sourced<PipelineDeploymentDocument>,
  catalogues: Catalogues,
  directory: DeploymentDirectory,
  facts: PlatformFacts,
  report: ProblemReport,
): PlannedDeployment | undefined {
  const own = new ProblemReport();
  const linked = linkDeployment(deployment, catalogues, directory, own);
  // A plan made of half the references would only add errors that follow from the first.
  const planned = linked && own.errorCount === 0 ? planDeployment(linked, facts, own) : undefined;
  report.include(own);
  return planned;
}

/** Something that only one deployment, or one output, may have. */
interface Claim {
  /** Claims with the same key clash. */
  readonly key: string;
  readonly source: DocumentSource;
  readonly at: readonly PathStep[];
  /** What to say, given where the first claim stands. */
  readonly message: (first: Claim) => string;
  /** Who claims it. */
  readonly claimant: string;
}

function reportConflicts(
  deployments: readonly Sourced<PipelineDeploymentDocument>[],
  planned: readonly PlannedDeployment[],
  report: ProblemReport,
): void {
  const claims = [
    ...deployments.flatMap(idClaims),
    ...planned.flatMap(nameClaims),
    ...planned.flatMap(topicClaims),
  ];
  const byKey = new Map<string, Claim[]>();
  for (const claim of claims) {
    const rivals = byKey.get(claim.key);
    if (rivals === undefined) byKey.set(claim.key, [claim]);
    else rivals.push(claim);
  }
  for (const rivals of [...byKey.values()].filter(({ length }) => length > 1)) {
    const [first, ...later] = rivals.sort(compareClaims);
    for (const claim of later) {
      // The same deployment twice is one error, not one for each of its topics as well.
      const isOther =
        first !== undefined && (claim.key.startsWith("id ") || claim.claimant !== first.claimant);
      if (isOther) report.error(claim.source, claim.at, claim.message(first));
    }
  }
}

function compareClaims(a: Claim, b: Claim): number {
  return (
    compareText(a.source.file, b.source.file) ||
    a.source.lineOf(a.at) - b.source.lineOf(b.at) ||
    compareText(a.claimant, b.claimant)
  );
}

function place({ source, at }: Claim): string {
  return `${source.file}:${source.lineOf(at)}`;
}

/** A deployment claims what it is called, and what it was called before: its data still is. */
function idClaims({ document: { spec }, source }: Sourced<PipelineDeploymentDocument>): readonly Claim[] {
  const own = `${spec.deploymentOwner}.${spec.deploymentName}`;
  const claim = (id: string, at: readonly PathStep[]): Claim => ({
    key: `id ${id}`,
    source,
    at,
    claimant: own,
    message: (first) => {
      if (first.source === source) return `found ${id}, which the deployment is called already; remove it`;
      return id === own && id === first.claimant
        ? `a second deployment ${id}, the first is at ${place(first)}; give it another deploymentName or deploymentOwner`
        : `${own} and ${first.claimant} (${place(first)}) both are, or were, called ${id}, which names topics and consumer groups; give one of them another name`;
    },
  });
  return [
    claim(own, ["spec", "deploymentName"]),
    ...formerIdentities(spec).map(({ id }, index) => claim(id, ["spec", "previousNames", index])),
  ];
}

function nameClaims({ linked: { source, id }, plan }: PlannedDeployment): readonly Claim[] {
  const at = ["spec", "deploymentName"];
  const claim = (what: string, name: string): Claim => ({
    key: `${what} ${name}`,
    source,
    at,
    claimant: id,
    message: (first) =>
      `${id} and ${first.claimant} (${place(first)}) both get the ${what} ${name}; rename one of them`,
  });
  const bucket = plan.storageBucket === undefined ? [] : [claim("bucket", plan.storageBucket.name)];
  return [claim("namespace", plan.namespace), claim("name", plan.name), ...bucket];
}

function topicClaims({ linked: { source }, topics }: PlannedDeployment): readonly Claim[] {
  return topics.map(({ plan, writtenBy, nameAt }) => ({
    key: `topic ${topicCollisionKey(plan.name)}`,
    source,
    at: nameAt,
    claimant: writtenBy,
    message: (first) =>
      `the topic ${plan.name} of ${writtenBy} is, to Kafka, the topic of ${first.claimant} (${place(first)}); give one of them another topicName`,
  }));
}
