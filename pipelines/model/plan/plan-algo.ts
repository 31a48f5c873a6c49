import type { RetryPlan } from "./plan-retry";
import type { ImagePlan, JsonObject, ResourcesPlan, WorkloadPlan } from "./plan-workload";

/** How an algo is run. */
export type Executor = "Executable" | "http" | "grpc" | "Delegated";

/**
 * Where AlgoRun's runner is: `sidecar` beside the algo's server (http, grpc), `copied` into the algo's
 * container by an init container and started in its place (Executable), or `none` (Delegated: the algo
 * talks to Kafka itself).
 */
export type RunnerPlacement = "sidecar" | "copied" | "none";

/** How a message reaches an algo. */
export type InputDelivery =
  "StdIn" | "Http" | "Https" | "Grpc" | "FileParameter" | "FileArrayParameter" | "KafkaTopic";

/** How a result leaves an algo. */
export type OutputDelivery = "StdOut" | "FileParameter" | "FolderParameter" | "HttpResponse" | "KafkaTopic";

/** Embedded: bytes in the Kafka message. FileReference: bytes in object storage, a pointer in the message. */
export type MessageDataType = "Embedded" | "FileReference";

/** An algo of the pipeline: a Deployment. */
export interface AlgoComponentPlan extends WorkloadPlan {
  readonly kind: "algo";
  readonly algo: {
    readonly owner: string;
    readonly name: string;
    /** Version as the deployment asks for it (`latest` stays `latest`); part of the identity. */
    readonly version: string;
    /** Version that it resolved to; decides the image. */
    readonly versionTag: string;
    readonly index: number;
  };
  readonly executor: Executor;
  readonly runner: RunnerPlacement;
  readonly image: ImagePlan;
  /** GPUs of each pod, which are among its resources, too; undefined when it uses none. */
  readonly gpu?: GpuPlan;
  /** Of the container that holds the runner: beside the algo's, or before it; undefined when `runner` is `none`. */
  readonly runnerResources?: ResourcesPlan;
  /** Overrides the platform's runner image; never present when `runner` is `none`. */
  readonly runnerImage?: ImagePlan;
  /** Command of the algo's container; undefined keeps the image's own. With `runner` `copied` the component
   * starts the runner instead, and the runner starts `entrypoint` for each message. */
  readonly command?: readonly string[];
  /** Arguments of the algo's container; undefined keeps the image's own. */
  readonly args?: readonly string[];
  /** Words of the program that the copied-in runner starts; empty for other executors. */
  readonly entrypoint: readonly string[];
  /** Sorted by name. */
  readonly inputs: readonly AlgoInputPlan[];
  /** Sorted by name. */
  readonly outputs: readonly AlgoOutputPlan[];
  /** In order of `sortOrder`, then name; the deployment's values over the algo's. */
  readonly parameters: readonly ParameterPlan[];
  /** Sorted by mount path. */
  readonly configMounts: readonly ConfigMountPlan[];
  /** How long one message may take. */
  readonly timeoutSeconds: number;
  /** Whether outputs that no pipe leads from are kept in topics, too. */
  readonly writeAllOutputs: boolean;
  /** One for each topic that it reads, sorted by topic; empty when it does not retry. */
  readonly retries: readonly RetryPlan[];
  /** `KAFKA_INPUT_TOPIC_{INPUT}` and `KAFKA_OUTPUT_TOPIC_{OUTPUT}` (several topics of one input are joined by
   * commas), for the container that talks to Kafka: the runner, or the algo itself when it is Delegated. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the runner reads, as a ConfigMap; undefined when `runner` is `none`. */
  readonly runnerConfig?: JsonObject;
}

/** GPUs of each pod of an algo. */
export interface GpuPlan {
  /** As the platform's nodes call them, such as `nvidia.com/gpu`. */
  readonly resourceName: string;
  /** At least 1. GPUs are never shared, so it is both request and limit. */
  readonly count: number;
}

/** An input of an algo. */
export interface AlgoInputPlan {
  readonly name: string;
  readonly required: boolean;
  readonly delivery: InputDelivery;
  /** Empty accepts anything. */
  readonly contentTypes: readonly string[];
  /** Topics piped into it, sorted. */
  readonly topics: readonly string[];
  /** Present for Http and Https. The server listens on this port of the pod. */
  readonly http?: {
    readonly verb: string;
    readonly port: number;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Present for Grpc. The server listens on this port of the pod. */
  readonly grpc?: { readonly port: number; readonly protofile?: string };
  /** Present for FileParameter and FileArrayParameter: the flag that the file names follow. */
  readonly fileParameter?: { readonly parameter?: string; readonly delimiter?: string };
}

/** An output of an algo. */
export interface AlgoOutputPlan {
  readonly name: string;
  readonly delivery: OutputDelivery;
  readonly contentType: string;
  /** The flag that tells the algo where to write, for FileParameter and FolderParameter. */
  readonly parameter?: string;
  readonly messageDataType: MessageDataType;
  /** Undefined when the output is not kept: no pipe leads from it and nothing asks for its topic. */
  readonly topic?: string;
}

/** A parameter of an algo. */
export interface ParameterPlan {
  /** Name in a query string, and in what callers send to override the value. */
  readonly name: string;
  /** The same as a flag of a program: `--name`, unless the name has its hyphens already. */
  readonly flag: string;
  /** Undefined for a flag without a value. */
  readonly value?: string;
  /** Whether it must have a value, whoever gives it. */
  readonly required: boolean;
  readonly sortOrder: number;
}

/** A file that the document brings along. */
export interface ConfigMountPlan {
  /** Key in the ConfigMap; unique in the algo. */
  readonly name: string;
  /** Absolute path of the file in the algo's container (mounted with `subPath`). */
  readonly mountPath: string;
  readonly data: string;
}
