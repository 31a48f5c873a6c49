import type { AlgoComponentPlan } from "./plan-algo";
import type { DataConnectorPlan } from "./plan-connector";
import type { EndpointPlan, EventHookPlan } from "./plan-edges";
import type { NameReason, ParameterReason, PartitionsReason } from "./plan-reasons";
import type { RateLimitPlan, RoutePlan } from "./plan-routes";
import type { DeploymentLabels, DocumentPosition } from "./plan-workload";

/**
 * What a pipeline deployment will be: plain data, deeply frozen, the same for the same documents whatever
 * the order of files, algos or pipes. It knows nothing of Pulumi; `components/pipeline` turns it into
 * resources, one to one, and takes no decision that is already taken here.
 */
export interface PipelinePlan {
  /** `{deploymentOwner}.{deploymentName}`: the identity in labels, headers and messages. Unique. */
  readonly id: string;
  /** Unique name that is a valid DNS label (at most 50 characters): prefix of every resource name. */
  readonly name: string;
  /** Namespace of this deployment alone: `{deploymentNamespace or "algorun"}-{owner}-{name}`. Unique. */
  readonly namespace: string;
  /** Where the PipelineDeployment document stands. */
  readonly source: DocumentPosition;
  readonly deployment: OwnedName;
  readonly pipeline: OwnedName & { readonly versionTag: string };
  /** Labels that every object of the deployment carries; a component's own labels contain them. */
  readonly labels: DeploymentLabels;
  /** `name` that the plan had before the deployment was renamed, oldest first: its resources are the same ones. */
  readonly previousNames: readonly string[];
  /** Sorted by name. Every topic that any identity or configuration of this plan names is in here. */
  readonly topics: readonly TopicPlan[];
  /** Sorted by name; consumers and producers alike. The order of creation is the component's business. */
  readonly components: readonly ComponentPlan[];
  /**
   * One for each protocol that the endpoint's paths use, and host name, and for each of these the rollouts; empty without
   * an endpoint. Sorted by name.
   */
  readonly routes: readonly RoutePlan[];
  /** Other deployments that routes lead to, by id, sorted; rollouts never go round in a circle. */
  readonly rolloutTargets: readonly string[];
  /** The deployment's own limits, sorted; a limit by address replaces the platform's. */
  readonly rateLimits: readonly RateLimitPlan[];
  /** Present only when some message carries its bytes by reference. */
  readonly storageBucket?: StorageBucketPlan;
  /** What was accepted but deserves a look; each line begins with `file:line path:`. */
  readonly warnings: readonly string[];
}

/** Who owns something, and its name. */
export interface OwnedName {
  readonly owner: string;
  readonly name: string;
}

/** A component of the pipeline, told apart by `kind`. */
export type ComponentPlan = EndpointPlan | AlgoComponentPlan | DataConnectorPlan | EventHookPlan;

/** The kinds of component that a plan can hold. */
export type ComponentKind = ComponentPlan["kind"];

/** One Kafka topic, written by exactly one component. */
export interface TopicPlan {
  /**
   * Undefined: it carries an output. `retry`: messages that its producer failed to process and will read from it when
   * their back-off is over. `deadLetter`: messages that its producer gave up, for people to look at. `replaced`:
   * messages of an output that has got another topic since; nobody writes it any more, until its readers are done.
   * `connect`: a data connector keeps its state in it, which it both reads and writes, and which goes with it.
   */
  readonly purpose?: "retry" | "deadLetter" | "replaced" | "connect";
  /** Valid for Kafka: at most 249 of `a-z 0-9 . _ -`; unique over all deployments, also after `.` = `_`. */
  readonly name: string;
  readonly nameBecause: NameReason;
  readonly partitions: number;
  readonly partitionsBecause: PartitionsReason;
  /** Copies of each partition; undefined means the platform's default. */
  readonly replicationFactor?: number;
  /** Topic configuration as Kafka names it (`retention.ms`, …), sorted by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** For each of the parameters, why. */
  readonly parametersBecause: Readonly<Record<string, ParameterReason>>;
  /** What is expected to be written; undefined: nobody says. */
  readonly expectedLoad?: ExpectedLoadPlan;
  readonly producedBy: TopicEnd;
  /** Sorted; empty when no pipe leads from an output, and for dead letters. */
  readonly consumedBy: readonly TopicEnd[];
}

/** How much is written to a topic, on the average. */
export interface ExpectedLoadPlan {
  readonly messagesPerSecond: number;
  /** Quantity of bytes, as Kafka keeps them. */
  readonly averageMessageSize: string;
}

/** One end of a topic. */
export interface TopicEnd {
  /** `name` of the ComponentPlan. */
  readonly component: string;
  /** The output it leaves from (for a retry or dead-letter topic: the topic's name), or the input it arrives at. */
  readonly port: string;
}

/** The bucket that messages point into. */
export interface StorageBucketPlan {
  /** Valid for S3: 3 to 63 of `a-z 0-9 . -`. Default `{owner}.{name}`. */
  readonly name: string;
  readonly nameBecause: NameReason;
  /** Names of the ComponentPlans that write objects, sorted. */
  readonly writers: readonly string[];
  /** Names of the ComponentPlans that read objects, sorted. */
  readonly readers: readonly string[];
}

export type * from "./plan-algo";
export type * from "./plan-connector";
export type * from "./plan-edges";
export type * from "./plan-reasons";
export type * from "./plan-routes";
export type * from "./plan-retry";
export type * from "./plan-workload";
