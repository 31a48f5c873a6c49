import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { imageReference, images, type PinnedImage } from "../../images";
import type { ScrapeService } from "../../platform-services";
import type { ContainerResources } from "../../workload/container-resources";
import { DeploymentWorkload, type DeploymentWorkloadArgs } from "../../workload/deployment-workload";
import { ownershipLabels } from "../../workload/labels";
import type { PodDefaults } from "../../workload/pod-defaults";
import { httpProbe } from "../../workload/probes";

const ports = { metrics: 8080, telemetry: 8081 } as const;

/** What it says of CronJobs; of all else it says nothing. */
export const cronJobMetrics = [
  "kube_cronjob_next_schedule_time",
  "kube_cronjob_spec_suspend",
  "kube_cronjob_status_last_schedule_time",
  "kube_cronjob_status_last_successful_time",
] as const;

/** The right that it needs in the namespace. */
export const cronJobRule = { apiGroups: ["batch"], resources: ["cronjobs"], verbs: ["list", "watch"] };

/** Arguments of {@link KubeStateMetrics}. */
export interface KubeStateMetricsArgs {
  readonly namespace: pulumi.Input<string>;
  readonly observability: ScrapeService;
  /** @default images.kubeStateMetrics */
  readonly image?: PinnedImage;
  /** @default tiny */
  readonly resources?: ContainerResources;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: DeploymentWorkloadArgs["transform"];
}

/**
 * Tells Prometheus how the CronJobs of one namespace fare: whether a dump failed is known to the API server and to nobody
 * else. It sees CronJobs of this namespace and nothing more. One replica: a second one would say everything twice.
 */
export class KubeStateMetrics extends Component {
  readonly nodes: { readonly workload: DeploymentWorkload };

  constructor(name: string, args: KubeStateMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:KubeStateMetrics", name, opts);
    const { namespace, observability } = args;
    const image = args.image ?? images.kubeStateMetrics;
    const access = this.grantAccess(namespace);
    const workload = new DeploymentWorkload(
      name,
      {
        namespace,
        app: { name: "kube-state-metrics", component: "metrics", version: image.tag },
        defaults: args.defaults,
        transform: args.transform,
        apiAccess: true,
        // Prometheus asks the pod itself.
        services: [],
        podAnnotations: observability.scrapeAnnotations(ports.metrics, "/metrics"),
        containers: [
          {
            name: "kube-state-metrics",
            image: imageReference(image),
            args: kubeStateMetricsFlags()
              .map((flag) => pulumi.output(flag))
              .concat(pulumi.interpolate`--namespaces=${namespace}`),
            ports: [
              { name: "metrics", port: ports.metrics, clients: observability.address.peers },
              { name: "telemetry", port: ports.telemetry, clients: [] },
            ],
            resources: args.resources ?? "tiny",
            probes: {
              liveness: httpProbe("metrics", "/healthz"),
              readiness: httpProbe("telemetry", "/readyz"),
            },
          },
        ],
      },
      this.childOptions({ dependsOn: access }),
    );
    this.nodes = { workload };
    this.registerOutputs();
  }

  private grantAccess(namespace: pulumi.Input<string>): pulumi.Resource[] {
    const metadata = { name: this.logicalName, namespace, labels: { ...ownershipLabels } };
    const role = this.child(k8s.rbac.v1.Role, "", { metadata, rules: [cronJobRule] });
    const binding = this.child(k8s.rbac.v1.RoleBinding, "", {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: this.logicalName, namespace }],
    });
    return [role, binding];
  }
}

/** Flags of the program, but for the namespace. */
export function kubeStateMetricsFlags(): readonly string[] {
  return [
    `--port=${ports.metrics}`,
    `--telemetry-port=${ports.telemetry}`,
    "--resources=cronjobs",
    `--metric-allowlist=${cronJobMetrics.join(",")}`,
  ];
}
