import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { imageReference, images } from "../../images";
import type { SecretGeneration } from "../../secret-rotation";
import {
  resolveResources,
  type ContainerResources,
  type ResolvedResources,
} from "../../workload/container-resources";
import type { ClaimArgs } from "../../workload/pod-args";
import type { PodDefaults } from "../../workload/pod-defaults";
import type { ServerTls } from "../../workload/server-tls";
import type { StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import type { KafkaAdministrator } from "./administration";
import { mostControllers } from "./cluster-layout";

/** Size of a broker's volume when nobody says another one. */
export const defaultBrokerStorage = "100Gi";

/** Arguments of `KafkaCluster`. */
export interface KafkaClusterArgs {
  readonly namespace: pulumi.Input<string>;
  /** Begins the names of all objects. @default the component's logical name */
  readonly name?: string;
  /** Members of the quorum: 1, 3 or 5; an even number survives no more than the odd one below. @default 3 */
  readonly controllers?: number;
  /** Nodes with data. One or two keep data on as many disks; three survive the loss of one. @default 3 */
  readonly brokers?: number;
  /** Full reference. @default the pinned image */
  readonly image?: pulumi.Input<string>;
  /** Version that the image has. @default that of the pinned image */
  readonly imageVersion?: string;
  /** Of each controller; half of the memory becomes Java's heap. @default 100m of CPU, at most 1, and 1Gi of memory */
  readonly controllerResources?: ContainerResources;
  /** Of each broker; half of the memory becomes Java's heap. @default 500m of CPU, at most 4, and 4Gi of memory */
  readonly brokerResources?: ContainerResources;
  /** Volume of each controller. @default 10Gi */
  readonly controllerStorage?: ClaimArgs;
  /** Volume of each broker. @default 100Gi */
  readonly brokerStorage?: ClaimArgs;
  /** Settings of all nodes beside ours, as Kafka names them; ours win. @default none */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Encrypts every connection. @default none: the network policies are what keeps others out */
  readonly tls?: KafkaTls;
  /** Lets clients outside the cluster in, such as this program. @default none */
  readonly external?: KafkaExternalAccess;
  /** Of the administrator's password. @default the first */
  readonly administratorGeneration?: SecretGeneration;
  /** How this program reaches the brokers. @default as pods do, with the generated password */
  readonly administration?: KafkaAdministrator;
  /** Who may connect as a client. @default pods of the namespaces that are part of AlgoRun */
  readonly clients?: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  /** Longest time that a broker waits before it stops until copies elsewhere suffice, in seconds. @default 120 */
  readonly stopWaitSeconds?: number;
  /** Seconds that a broker must be ready before the next one is replaced. @default 30 */
  readonly minReadySeconds?: number;
  /** Whether nodes of a role may share a machine, and zones be filled unevenly, where there is no other room. @default "preferred" */
  readonly spread?: "preferred" | "required";
  /** What the environment decides about pods. @default nothing */
  readonly defaults?: PodDefaults;
  readonly transform?: {
    readonly controllers?: StatefulSetWorkloadArgs["transform"];
    readonly brokers?: StatefulSetWorkloadArgs["transform"];
  };
}

/**
 * A Secret in the namespace with `tls.crt`, `tls.key` (PKCS #8) and `ca.crt`, such as cert-manager makes them. The
 * certificate must hold for the names that `certificateNames` lists. Nodes read it when they start.
 */
export interface KafkaTls extends ServerTls {
  /**
   * PEM of the authority, for clients and for nodes, which are clients of each other. Of several, all are trusted.
   *
   * @default a public authority for clients, `ca.crt` for nodes
   */
  readonly caCertificate?: pulumi.Input<string>;
}

/** A Service for each broker, and the address by which it is reached. */
export interface KafkaExternalAccess {
  readonly type: "NodePort" | "LoadBalancer";
  /** One for each broker in order; with NodePort the port is also that of the nodes. */
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /**
   * Networks that may connect. A LoadBalancer keeps clients' addresses; by a NodePort they come from the nodes, so that
   * the nodes' own networks are among these.
   */
  readonly addressBlocks: readonly string[];
}

/** Fields that always have a value once the defaults are filled in. */
type Defaulted =
  | "name"
  | "controllers"
  | "brokers"
  | "image"
  | "controllerStorage"
  | "brokerStorage"
  | "settings"
  | "clients"
  | "stopWaitSeconds"
  | "minReadySeconds";

/** Arguments with every default filled in. */
export interface ResolvedKafkaCluster
  extends Omit<KafkaClusterArgs, Defaulted>, Required<Pick<KafkaClusterArgs, Defaulted>> {
  readonly controllerResources: ResolvedResources;
  readonly brokerResources: ResolvedResources;
}

/**
 * Fills in the defaults.
 *
 * @throws Error for numbers of nodes that make no cluster
 */
export function resolveKafkaCluster(logicalName: string, args: KafkaClusterArgs): ResolvedKafkaCluster {
  const { controllers = 3, brokers = 3 } = args;
  checkNodes(controllers, brokers, args.external);
  return {
    ...args,
    name: args.name ?? logicalName,
    controllers,
    brokers,
    image: args.image ?? imageReference(images.kafka),
    controllerResources: nodeResources(args.controllerResources, { cpu: ["100m", "1"], memory: "1Gi" }),
    brokerResources: nodeResources(args.brokerResources, { cpu: ["500m", "4"], memory: "4Gi" }),
    controllerStorage: args.controllerStorage ?? { size: "10Gi" },
    brokerStorage: args.brokerStorage ?? { size: defaultBrokerStorage },
    settings: args.settings ?? {},
    clients: args.clients ?? partOfAlgoRun,
    stopWaitSeconds: args.stopWaitSeconds ?? 120,
    minReadySeconds: args.minReadySeconds ?? 30,
  };
}

function checkNodes(controllers: number, brokers: number, external: KafkaExternalAccess | undefined): void {
  if (![1, 3, mostControllers].includes(controllers)) {
    throw new Error(`controllers of Kafka: found ${controllers}, expected 1, 3 or ${mostControllers}`);
  }
  if (!Number.isInteger(brokers) || brokers < 1) {
    throw new Error(`brokers of Kafka: found ${brokers}, expected a whole number from 1`);
  }
  const addresses = external?.addresses.length ?? brokers;
  if (addresses !== brokers) {
    throw new Error(
      `external addresses of Kafka: found ${addresses}, expected one for each of ${brokers} brokers`,
    );
  }
}

/** Pods of any namespace that this program has made. */
export const partOfAlgoRun: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[] = [
  { namespaceSelector: { matchLabels: { "app.kubernetes.io/part-of": "algo.run" } } },
];

/**
 * Memory is limited to what is requested, since Java takes its heap at the start. CPU may be several times the request:
 * a broker that is held back while it catches up leaves its partitions with a copy less.
 */
function nodeResources(
  stated: ContainerResources | undefined,
  usual: { readonly cpu: readonly [request: string, limit: string]; readonly memory: string },
): ResolvedResources {
  const [request, limit] = usual.cpu;
  return resolveResources(
    {
      requests: { cpu: stated?.limits?.["cpu"] ?? request, ...stated?.requests },
      limits: {
        cpu: stated?.requests?.["cpu"] ?? limit,
        memory: stated?.requests?.["memory"] ?? usual.memory,
        ...stated?.limits,
      },
    },
    "large",
  );
}
