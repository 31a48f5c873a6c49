import type { MessageDataType } from "./plan-algo";
import type { ImagePlan, JsonObject, WorkloadPlan } from "./plan-workload";

/** The pipeline's entrance: a StatefulSet with a volume for its write-ahead log. */
export interface EndpointPlan extends WorkloadPlan {
  readonly kind: "endpoint";
  /** Overrides the platform's gateway image. */
  readonly image?: ImagePlan;
  /** Sorted by name, never empty. */
  readonly paths: readonly EndpointPathPlan[];
  readonly ports: { readonly http: number; readonly grpc: number; readonly metrics: number };
  /** The write-ahead log; `size` undefined means that it is kept in memory and needs no volume claim. */
  readonly writeAheadLog: {
    /** Absolute path of the folder in the gateway's container. */
    readonly path: string;
    /** Quantity of the volume claim. */
    readonly size?: string;
  };
  /** What the gateway reads, as a ConfigMap. Brokers and credentials come by environment, not from here. */
  readonly config: JsonObject;
}

/** A way in. */
export interface EndpointPathPlan {
  readonly name: string;
  /** `rtmp` has no route: the endpoint pulls its stream from the platform's media server. */
  readonly protocol: "http" | "grpc" | "rtmp";
  /** Present for rtmp: name of the stream on the media server, `{owner}.{name}.{path}`. */
  readonly stream?: string;
  /** Taken when a request names no path; at most one of the endpoint's. */
  readonly isDefault: boolean;
  readonly messageDataType: MessageDataType;
  /** Undefined accepts anything. */
  readonly contentType?: string;
  readonly topic: string;
}

/** The pipeline's exit to the outside: a Deployment. */
export interface EventHookPlan extends WorkloadPlan {
  readonly kind: "eventHook";
  /** Overrides the platform's hook image. */
  readonly image?: ImagePlan;
  /** Sorted by input, then URL. Empty: messages are read and counted, and go nowhere. */
  readonly webhooks: readonly WebhookPlan[];
  /** What the hook reads. Rendered to a Secret, since headers may carry tokens. */
  readonly config: JsonObject;
}

/** One receiver of messages. */
export interface WebhookPlan {
  /** The hook's input that it listens to. */
  readonly input: string;
  /** Topics piped into that input, sorted. */
  readonly topics: readonly string[];
  readonly url: string;
  readonly verb: "POST" | "PUT" | "PATCH";
  readonly headers: Readonly<Record<string, string>>;
}
