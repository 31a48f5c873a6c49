import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../component";
import { selectorLabels } from "./labels";
import { podTemplate } from "./pod-template";
import { ServingWorkload } from "./workload";
import type { ServingTransforms, ServingWorkloadArgs } from "./workload-args";

/** Arguments of {@link DeploymentWorkload}. */
export interface DeploymentWorkloadArgs extends ServingWorkloadArgs {
  /** Seconds after which a roll-out that makes no progress has failed. @default 600 */
  readonly progressDeadlineSeconds?: number;
  /**
   * What an update does first: start a new pod, so that there are never too few; or stop an old one, so that there are
   * never too many, for pods that hold what the cluster has no spare of. @default "start"
   */
  readonly updateBegins?: "start" | "stop";
  /**
   * Whether, when the Deployment gets another namespace, the old one goes before the new one comes: for pods that must
   * not meet. @default false
   */
  readonly deleteBeforeReplace?: boolean;
  readonly transform?: ServingTransforms & { readonly deployment?: Transform<k8s.apps.v1.DeploymentArgs> };
}

/** Pods that are all alike and keep nothing, with all that belongs to them. */
export class DeploymentWorkload extends ServingWorkload<DeploymentWorkloadArgs> {
  readonly nodes: {
    readonly deployment: k8s.apps.v1.Deployment;
    readonly services: Readonly<Record<string, k8s.core.v1.Service>>;
    readonly serviceAccount: k8s.core.v1.ServiceAccount;
  };

  constructor(name: string, args: DeploymentWorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workload:Deployment", name, args, opts);
    const { serviceAccount, networkPolicy } = this.makeFoundation(args.transform);
    const volumes = this.makeOwnVolumes();
    const services = this.makeServices(args.transform);
    this.makeDisruptionBudget(args.transform);
    const deployment = this.child(k8s.apps.v1.Deployment, "", this.deployment(), {
      transform: args.transform?.deployment,
      deleteBeforeReplace: args.deleteBeforeReplace,
      ...this.leftToAutoscaler(),
      ...this.controllerOptions([serviceAccount, networkPolicy, ...volumes], opts),
    });
    this.makeAutoscaler("Deployment", deployment, args.transform);
    this.nodes = { deployment, services, serviceAccount };
    this.registerOutputs({ name: this.name, namespace: this.namespace });
  }

  private deployment(): k8s.apps.v1.DeploymentArgs {
    const { args } = this;
    return {
      metadata: this.metadata(),
      spec: {
        replicas: args.replicas ?? 1,
        selector: { matchLabels: selectorLabels(this.name) },
        strategy: { type: "RollingUpdate", rollingUpdate: rollingUpdate(args) },
        minReadySeconds: args.minReadySeconds ?? 0,
        progressDeadlineSeconds: args.progressDeadlineSeconds ?? 600,
        revisionHistoryLimit: 3,
        template: podTemplate(args, { name: this.name, checksum: this.checksum(), claims: [] }),
      },
    };
  }
}

function rollingUpdate({
  updateBegins = "start",
}: DeploymentWorkloadArgs): k8s.types.input.apps.v1.RollingUpdateDeployment {
  return updateBegins === "start" ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 };
}
