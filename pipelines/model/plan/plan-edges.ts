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
  /** The write-ahead log: on a volume when `size` is there, in memory when `memory` is. */
  readonly writeAheadLog: {
    /** Absolute path of the folder in the gateway's container. */
    readonly path: string;
    /** Quantity of the volume claim. */
    readonly size?: string;
    /** Storage class of the volume claim; undefined means the platform's default. */
    readonly storageClass?: string;
    /** Most memory that it may take, as a quantity; part of the container's memory. */
    readonly memory?: string;
  };
  /** Who may call; undefined: everybody. The gateway itself enforces it. */
  readonly authentication?: AuthenticationPlan;
  /** Present when some path takes a media stream: folder with a file for each such path, named like it, with what to play. */
  readonly streamKeyFolder?: string;
  /** What the gateway reads, as a ConfigMap. Brokers and credentials come by environment, not from here. */
  readonly config: JsonObject;
}

/** How callers prove who they are. */
export type AuthenticationPlan =
  | {
      readonly kind: "apiKeys";
      /** Folder in the gateway's container: for each caller a file with the SHA-256 of its key, in hexadecimal. */
      readonly folder: string;
      /** For whom keys are made, sorted; empty when a Secret brings them. */
      readonly callers: readonly string[];
      /** A Secret that somebody else makes in the namespace. */
      readonly secretName?: string;
    }
  | {
      readonly kind: "jwt";
      readonly issuer: string;
      readonly jwksUri: string;
      /** Sorted, never empty. */
      readonly audiences: readonly string[];
    };

/** A way in. */
export interface EndpointPathPlan {
  readonly name: string;
  /** `rtmp` has no route: the endpoint pulls its stream from the platform's media server. */
  readonly protocol: "http" | "grpc" | "rtmp";
  /** Present for rtmp: name of the stream on the media server, `{owner}.{name}.{path}`. */
  readonly stream?: string;
  /** Longest time that the stream may be sent at a stretch; undefined: as long as it likes. */
  readonly maxStreamSeconds?: number;
  /** Most bytes of a request; undefined for media streams. */
  readonly maxBodyBytes?: number;
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
  /** Secrets that somebody else makes in the namespace, sorted by name. */
  readonly secretMounts: readonly SecretMountPlan[];
  /** Present when secrets for signatures are made: folder with a file for each webhook that has one, named like it. */
  readonly signingFolder?: string;
  /** What the hook reads. Rendered to a Secret, since headers may carry tokens. */
  readonly config: JsonObject;
}

/** A Secret as files: one for each of its entries. */
export interface SecretMountPlan {
  readonly secretName: string;
  /** Name of the volume: a DNS label. */
  readonly volume: string;
  /** Absolute path in the container. */
  readonly folder: string;
}

/** One receiver of messages. */
export interface WebhookPlan {
  /** Unique in the hook; never from a position in a list. */
  readonly name: string;
  /** The hook's input that it listens to. */
  readonly input: string;
  /** Topics piped into that input, sorted. */
  readonly topics: readonly string[];
  readonly url: string;
  readonly verb: "POST" | "PUT" | "PATCH";
  readonly headers: Readonly<Record<string, string>>;
  /** Headers whose values are in files, by name; sorted. */
  readonly secretHeaders: Readonly<Record<string, { readonly file: string }>>;
  /** How bodies are signed; undefined: they aren't. */
  readonly signature?: {
    readonly scheme: "standard-webhooks";
    /** File with the secret. */
    readonly file: string;
    /** Whether the secret is made for this webhook; otherwise it is in one of the mounted Secrets. */
    readonly isGenerated: boolean;
  };
}
