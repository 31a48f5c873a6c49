import type { BackupSource } from "./backend/backup/backup-source";
import type * as kafka from "@pulumi/kafka";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { SharedFolder } from "./workload/shared-files";
import type { StreamRight } from "./ingress/stream-key";

/**
 * What a pipeline asks of a platform: five things, and a sixth when it takes media streams. A pipeline never asks which system gives them:
 * a Kafka in the cluster, an external one or a managed one satisfy the same interface.
 */
export interface PlatformServices {
  readonly kafka: KafkaService;
  readonly objectStorage: ObjectStorageService;
  readonly gateway: GatewayService;
  /** Undefined when no pipeline takes a media stream: then the platform has no RTMP server. */
  readonly mediaStreams: MediaStreamService | undefined;
  readonly observability: ObservabilityService;
  readonly registry: RegistryService;
}

/** Where a network policy finds a service: its pods or addresses, and its port. */
export interface NetworkAddress {
  /** Peers as a NetworkPolicy names them: pods of a namespace, or address blocks outside the cluster. */
  readonly peers: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  /** TCP ports of the peers. */
  readonly ports: readonly number[];
}

/** Kafka as clients in pods see it, and as this program administers it. */
export interface KafkaService {
  /** Administers topics, ACLs and SCRAM users. */
  readonly provider: kafka.Provider;
  /** `host:port` list, separated by commas, that clients in pods bootstrap from. */
  readonly bootstrapServers: pulumi.Output<string>;
  /** Whether clients speak TLS beneath SASL. */
  readonly securityProtocol: "SASL_SSL" | "SASL_PLAINTEXT";
  /** The one mechanism that clients authenticate with. */
  readonly saslMechanism: "SCRAM-SHA-512";
  /** PEM of the certificate authority that signed the brokers; undefined: a public one. */
  readonly caCertificate: pulumi.Output<string> | undefined;
  /** Number of brokers: the highest replication factor a topic can have. */
  readonly brokerCount: number;
  /** Replication factor of a topic whose document gives none. */
  readonly defaultReplicationFactor: number;
  /** Where pods reach the brokers. */
  readonly address: NetworkAddress;
  /** Resources that must exist before a topic, an ACL or a user can be made. */
  readonly ready: readonly pulumi.Resource[];
  /**
   * Makes a user that logs in by {@link saslMechanism}. It may do nothing until ACLs say so.
   *
   * @param name - logical name of what it is made of
   * @param opts - parent of what it is made of, and what that waits for
   * @returns what must exist before the user logs in
   */
  createUser(
    name: string,
    user: KafkaUserArgs,
    opts: pulumi.ComponentResourceOptions,
  ): readonly pulumi.Resource[];
}

/** A user of Kafka. */
export interface KafkaUserArgs {
  /** Unique in the cluster. */
  readonly username: string;
  readonly password: pulumi.Input<string>;
}

/** A bucket, and who uses it. */
export interface BucketArgs {
  readonly name: string;
  /** Namespace of those who use it. */
  readonly namespace: pulumi.Input<string>;
  /** Service accounts whose pods read objects. */
  readonly readers: readonly string[];
  /** Service accounts whose pods write objects. */
  readonly writers: readonly string[];
}

/** What a pipeline's pods need in order to use its bucket. */
export interface BucketAccess {
  readonly bucket: pulumi.Output<string>;
  /** How pods prove who they are. */
  readonly login: BucketKey | BucketRoles;
  /** Resources after which the bucket and those who may use it exist. */
  readonly ready: readonly pulumi.Resource[];
}

/** One key for all that use a bucket. */
export interface BucketKey {
  readonly kind: "key";
  readonly accessKeyId: pulumi.Output<string>;
  readonly secretAccessKey: pulumi.Output<string>;
}

/** A role of AWS for each kind of use, which pods take on with a token of their service account; no secret at all. */
export interface BucketRoles {
  readonly kind: "roles";
  /**
   * ARN of the role of a service account.
   *
   * @throws Error for one that neither reads nor writes
   */
  roleOf(serviceAccount: string): pulumi.Output<string>;
  /** Whom the token is for. */
  readonly audience: string;
}

/** S3-compatible storage for messages by reference. */
export interface ObjectStorageService {
  /** Endpoint as pods reach it, with scheme: `http://host:port`. */
  readonly endpoint: pulumi.Output<string>;
  /** S3 region; `us-east-1` for servers that have none. */
  readonly region: string;
  /** Where pods reach it. */
  readonly address: NetworkAddress;
  /**
   * Makes a bucket, and lets those who use it do so and nothing else.
   *
   * @param args - the bucket's name is also the base of the children's names
   * @param opts - parent and provider of the children
   */
  createBucket(args: BucketArgs, opts: pulumi.ComponentResourceOptions): BucketAccess;
}

/** The relational database of AlgoRun's own services. */
export interface SqlService {
  readonly engine: "postgresql" | "mariadb";
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly database: string;
  /** Owner of the database. */
  readonly username: string;
  /** Password of the owner; a secret. */
  readonly password: pulumi.Output<string>;
  /** Whether clients must speak TLS. */
  readonly tls: boolean;
  /** PEM of the certificate authority that signed the server; undefined: one that clients know by themselves. */
  readonly caCertificate: pulumi.Output<string> | undefined;
  /** Where pods reach it. */
  readonly address: NetworkAddress;
  /** Resources that must exist before a client connects. */
  readonly ready: readonly pulumi.Resource[];
  /** How it is dumped and restored; undefined: whoever runs it sees to that. */
  readonly backupSource: BackupSource | undefined;
}

/** Where clients in the platform's namespace find the certificate of an authority. */
export type CertificateAuthority =
  | { readonly pem: pulumi.Output<string> }
  /** Name of a Secret in that namespace, which has it as `ca.crt`. */
  | { readonly secretName: pulumi.Input<string> };

/** A Redis that keeps counters: one server, or a group behind one address. */
export interface RedisService {
  /** `host:port`. */
  readonly endpoint: pulumi.Output<string>;
  /** Undefined: the default user, who logs in without a name, and whose password has no colon. */
  readonly username: string | undefined;
  /** A secret. */
  readonly password: pulumi.Output<string>;
  /** Whether clients speak TLS. */
  readonly tls: boolean;
  /** Who signed the server's certificate; undefined: a public authority. */
  readonly authority: CertificateAuthority | undefined;
  /** Where pods reach it. */
  readonly address: NetworkAddress;
}

/** Where routes go: the edge that answers for HTTP and gRPC. */
export interface GatewayService {
  /** `hostname` that Mappings must carry to be matched by our Host; `*` for any. */
  readonly hostname: string;
  /** Whether it speaks TLS to the world. */
  readonly tls: boolean;
  /** Public base address of HTTP routes, without a slash at the end. */
  readonly httpAddress: pulumi.Output<string>;
  /** `host:port` that gRPC clients dial. */
  readonly grpcAddress: pulumi.Output<string>;
  /** Where the edge's requests come from. */
  readonly address: NetworkAddress;
  /** Resources (CRDs, Listener, Host) that must exist before a Mapping. */
  readonly ready: readonly pulumi.Resource[];
}

/** Where media streams are published, and where a pipeline's endpoint pulls its own from. */
export interface MediaStreamService {
  /** `rtmp://host:port/application` that senders publish to. */
  readonly publishAddress: pulumi.Output<string>;
  /** `rtmp://host:port/application` that endpoints in the cluster pull from. */
  readonly internalAddress: pulumi.Output<string>;
  /** Where pods reach it. */
  readonly address: NetworkAddress;
  /** What is published to or pulled from these addresses: a stream's name with the key to it, which is a secret. */
  streamKey(right: StreamRight): pulumi.Output<string>;
}

/** Who reads metrics. */
export interface ScrapeService {
  /** Annotations by which Prometheus finds a pod's metrics. */
  scrapeAnnotations(port: number, path: string): Readonly<Record<string, string>>;
  /** Where scrapes come from. */
  readonly address: NetworkAddress;
}

/** How a pipeline is watched. */
export interface ObservabilityService extends ScrapeService {
  /** Where rule files go, one for each pipeline; Prometheus takes them up while it runs. */
  readonly ruleFiles: SharedFolder;
  /** Where dashboards go, as JSON models; Grafana takes them up while it runs. */
  readonly dashboards: SharedFolder;
  /** User of Kafka that measures positions and lag; it sees the topics and groups that it may describe. Two while it changes. */
  readonly kafkaUsers: readonly string[];
  /** Address of a dashboard by its uid. */
  dashboardAddress(uid: string): pulumi.Output<string>;
}

/** Images and the right to pull them. */
export interface RegistryService {
  /** Our own services, as full references. */
  readonly images: {
    readonly gateway: string;
    readonly runner: string;
    readonly hookRunner: string;
  };
  /** `.dockerconfigjson` to put beside the pods of each namespace; undefined: images are public. */
  readonly pullSecret: pulumi.Output<string> | undefined;
}
