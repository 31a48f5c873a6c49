import { planAlgo } from "./workloads/algo-planner";
import { checkBrokers } from "./edges/check-brokers";
import { checkFlow } from "./link/check-flow";
import { checkRouting } from "./routes/check-routing";
import { planDataConnector } from "./workloads/data-connector-planner";
import { deploymentNamespace, deploymentPrefix } from "./link/deployment-names";
import { planEndpoint } from "./edges/endpoint-planner";
import { planEventHook } from "./edges/event-hook-planner";
import { formerIdentities } from "./link/deployment-identity";
import { frozen } from "./values/frozen";
import type { LinkedDeployment } from "./link/link";
import { bucketName, labelValue, prefixedBucketName } from "./values/names";
import type { ComponentPlan, DeploymentLabels, PipelinePlan, StorageBucketPlan } from "./plan/plan";
import type { PlanContext } from "./plan-context";
import type { PlatformFacts } from "./platform-facts";
import { formatProblem, type ProblemReport } from "./document/problem";
import { planRateLimits } from "./routes/rate-limit-planner";
import { rolloutTargets } from "./routes/rollout-planner";
import { planRoutes } from "./routes/route-planner";
import { compareText } from "./values/text";
import { planTopics } from "./topics/topic-planner";
import type { PlannedTopic, TopicPlans } from "./topics/topic-plans";

/** A plan, and where its topics come from. */
export interface PlannedDeployment {
  readonly linked: LinkedDeployment;
  readonly plan: PipelinePlan;
  readonly topics: readonly PlannedTopic[];
}

/**
 * Plans one deployment.
 *
 * @param report takes the problems of this deployment alone: its warnings go into the plan
 */
export function planDeployment(
  linked: LinkedDeployment,
  facts: PlatformFacts,
  report: ProblemReport,
): PlannedDeployment {
  const { spec, source, id } = linked;
  if (spec.kafkaBrokers !== undefined) {
    checkBrokers([spec.kafkaBrokers], facts, source, ["spec", "kafkaBrokers"], report);
  }
  checkFlow(linked, report);
  if (spec.endpoint !== undefined) checkRouting(spec.endpoint, linked, facts, report);
  const topics = planTopics(linked, facts, report);
  const storageBucket = planBucket(linked, topics, facts, report);
  const labels = deploymentLabels(linked);
  const context: PlanContext = { linked, facts, labels, topics, bucket: storageBucket?.name, report };
  const components = planComponents(context);
  const deployment = { owner: spec.deploymentOwner, name: spec.deploymentName };
  const plan: PipelinePlan = {
    id,
    name: deploymentPrefix(spec),
    namespace: deploymentNamespace(spec),
    source: { file: source.file, line: source.lineOf([]) },
    deployment,
    pipeline: { owner: spec.pipelineOwner, name: spec.pipelineName, versionTag: spec.pipelineVersionTag },
    labels,
    previousNames: formerIdentities(spec).map(({ owner, name }) =>
      deploymentPrefix({ deploymentOwner: owner, deploymentName: name }),
    ),
    topics: topics.planned.map((topic) => topic.plan),
    components,
    routes: planRoutes(
      linked,
      components.find((component) => component.kind === "endpoint"),
    ),
    rolloutTargets: rolloutTargets(linked.rollout),
    rateLimits: planRateLimits(spec.endpoint?.rateLimits ?? []),
    storageBucket,
    warnings: report.problems.filter(({ severity }) => severity === "warning").map(formatProblem),
  };
  return { linked, plan: frozen(plan), topics: topics.planned };
}

function planComponents(context: PlanContext): readonly ComponentPlan[] {
  const { algos, connectors, spec } = context.linked;
  const components: readonly (ComponentPlan | undefined)[] = [
    ...(spec.endpoint === undefined ? [] : [planEndpoint(spec.endpoint, context)]),
    ...algos.map((algo) => planAlgo(algo, context)),
    ...connectors.map((connector) => planDataConnector(connector, context)),
    ...(spec.eventHook === undefined ? [] : [planEventHook(spec.eventHook, context)]),
  ];
  return components
    .filter((component) => component !== undefined)
    .sort((a, b) => compareText(a.name, b.name));
}

function deploymentLabels({ spec, id }: LinkedDeployment): DeploymentLabels {
  return {
    "app.kubernetes.io/part-of": "algo.run",
    "algo.run/pipeline-deployment": labelValue(id),
    "algo.run/pipeline": labelValue(`${spec.pipelineOwner}.${spec.pipelineName}`),
  };
}

function planBucket(
  { spec, data, algos, source }: LinkedDeployment,
  topics: TopicPlans,
  { bucketPrefix = "" }: PlatformFacts,
  report: ProblemReport,
): StorageBucketPlan | undefined {
  const names = ["endpoint", ...algos.map(({ name }) => name)].sort(compareText);
  const writers = names.filter((name) => topics.usesStorage(name).writes);
  const readers = names.filter((name) => topics.usesStorage(name).reads);
  if (writers.length > 0) {
    const name = spec.storageBucket ?? bucketName(data.owner, data.name);
    return {
      name: prefixedBucketName(bucketPrefix, name),
      nameBecause: spec.storageBucket === undefined ? "automatic" : "stated",
      writers,
      readers,
    };
  }
  if (spec.storageBucket !== undefined) {
    const message =
      "no message is carried by reference: the bucket is not made; remove it, or set messageDataType: FileReference on a path";
    report.warning(source, ["spec", "storageBucket"], message);
  }
  return undefined;
}
