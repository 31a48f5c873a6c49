import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { containerSizes } from "./container-resources";
import { dnsRule } from "./network-policy";
import { ownershipLabels } from "./labels";

/** Arguments of {@link GuardedNamespace}. */
export interface GuardedNamespaceArgs {
  /** Name of the namespace. @default the component's logical name */
  readonly name?: string;
  /** Labels of the namespace and of its guard rails, beside our own. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the namespace. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * What all pods of the namespace may have together, by resource name as a ResourceQuota knows it.
   *
   * @default {@link defaultQuota}
   */
  readonly quota?: Readonly<Record<string, string>>;
  /** Version of the Pod Security Standard `restricted` that is enforced. @default "v1.34" */
  readonly podSecurityVersion?: string;
}

/**
 * A bound against runaway scaling rather than a plan of capacity. What opens a way into the cluster is
 * for the edge alone, which says so in its own quota.
 */
export const defaultQuota: Readonly<Record<string, string>> = {
  "count/jobs.batch": "100",
  persistentvolumeclaims: "100",
  pods: "500",
  services: "100",
  "services.loadbalancers": "0",
  "services.nodeports": "0",
};

/**
 * A namespace in which nothing goes by default: pods must meet the Pod Security Standard `restricted`, may talk to
 * nobody but DNS, have bounded resources each and together, and get no token from the default account.
 */
export class GuardedNamespace extends Component {
  /** Name of the namespace, known once it exists: who uses it waits for the namespace. */
  readonly namespaceName: pulumi.Output<string>;
  /** The guard rails: a workload that depends on them never runs without. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: GuardedNamespaceArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("workload:Namespace", name, opts);
    const labels = { ...ownershipLabels, ...args.labels };
    const namespace = this.child(k8s.core.v1.Namespace, "", {
      metadata: {
        name: args.name ?? name,
        ...(args.annotations && { annotations: { ...args.annotations } }),
        labels: { ...labels, ...podSecurityLabels(args.podSecurityVersion ?? "v1.34") },
      },
    });
    this.namespaceName = namespace.metadata.name;
    const metadata = (objectName: string): GuardRailMetadata => ({
      name: objectName,
      namespace: this.namespaceName,
      labels,
    });
    this.ready = [
      namespace,
      this.child(k8s.networking.v1.NetworkPolicy, "default-deny", {
        metadata: metadata("default-deny"),
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      }),
      this.child(k8s.networking.v1.NetworkPolicy, "dns", {
        metadata: metadata("dns"),
        spec: { podSelector: {}, policyTypes: ["Egress"], egress: [dnsRule()] },
      }),
      this.child(k8s.core.v1.ResourceQuota, "", {
        metadata: metadata("quota"),
        spec: { hard: { ...(args.quota ?? defaultQuota) } },
      }),
      this.child(k8s.core.v1.LimitRange, "", { metadata: metadata("limits"), spec: limitRange }),
      this.child(k8s.core.v1.ServiceAccountPatch, "default", {
        metadata: metadata("default"),
        automountServiceAccountToken: false,
      }),
    ];
    this.registerOutputs({ namespaceName: this.namespaceName });
  }
}

interface GuardRailMetadata {
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly labels: Record<string, string>;
}

/** What a container gets that states nothing: ours always do. */
const limitRange: k8s.types.input.core.v1.LimitRangeSpec = {
  limits: [
    {
      type: "Container",
      default: containerSizes.small.limits,
      defaultRequest: containerSizes.small.requests,
    },
  ],
};

/** Enforced on pods, and warned of and logged already where a workload's template breaks it. */
function podSecurityLabels(version: string): Record<string, string> {
  return Object.fromEntries(
    ["enforce", "warn", "audit"].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, "restricted"],
      [`pod-security.kubernetes.io/${mode}-version`, version],
    ]),
  );
}
