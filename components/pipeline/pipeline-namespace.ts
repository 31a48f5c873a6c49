import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { Component } from "../component";
import type { RegistryService } from "../platform-services";
import { GuardedNamespace } from "../workload/guarded-namespace";
import type { PodDefaults } from "../workload/pod-defaults";
import { namespaceQuota } from "./namespace-quota";

/** Arguments of {@link PipelineNamespace}. */
export interface PipelineNamespaceArgs {
  readonly plan: PipelinePlan;
  readonly registry: RegistryService;
  readonly podDefaults: PodDefaults;
  /** Whether volumes outlive the pipeline: they would go with their namespace. */
  readonly retainData: boolean;
  /** The stack that makes it, where several do on one platform. @default not said */
  readonly stack?: string | undefined;
}

/**
 * Says whose a namespace is. Pulumi applies objects rather than create them, so a second stack would take the namespace
 * over without a word, and its end would delete it; of two values of one field, the API server refuses the second.
 */
const stackAnnotation = "algo.run/stack";

const pullSecretName = "registry";

/** The namespace of one pipeline, its guard rails, and the right to pull its images. */
export class PipelineNamespace extends Component {
  /** Name of the namespace, known once it exists. */
  readonly namespaceName: pulumi.Output<string>;
  /** What must exist before pods do. */
  readonly ready: readonly pulumi.Resource[];
  /** What the environment and this namespace decide about every pod in it. */
  readonly podDefaults: PodDefaults;
  /** Labels of every object in it that is no workload's. */
  readonly labels: Readonly<Record<string, string>>;

  constructor(name: string, args: PipelineNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pipeline:Namespace", name, opts);
    const { plan, registry, podDefaults, retainData, stack } = args;
    const labels = { ...podDefaults.labels, "app.kubernetes.io/managed-by": "pulumi", ...plan.labels };
    const guarded = new GuardedNamespace(
      name,
      {
        name: plan.namespace,
        labels,
        quota: namespaceQuota(plan),
        ...(stack !== undefined && { annotations: { [stackAnnotation]: stack } }),
      },
      this.childOptions({ retainOnDelete: retainData && hasVolumes(plan) }),
    );
    this.namespaceName = guarded.namespaceName;
    this.labels = labels;
    this.podDefaults = { ...podDefaults, retainClaims: retainData };
    this.ready = guarded.ready;
    if (registry.pullSecret !== undefined) {
      // Those of the environment are in other namespaces.
      this.podDefaults = { ...this.podDefaults, imagePullSecrets: [pullSecretName] };
      this.ready = [...guarded.ready, this.makePullSecret(registry.pullSecret)];
    }
    this.registerOutputs({ namespaceName: this.namespaceName });
  }

  private makePullSecret(dockerConfig: pulumi.Output<string>): k8s.core.v1.Secret {
    return this.child(k8s.core.v1.Secret, "registry", {
      metadata: { name: pullSecretName, namespace: this.namespaceName, labels: { ...this.labels } },
      type: "kubernetes.io/dockerconfigjson",
      stringData: { ".dockerconfigjson": dockerConfig },
    });
  }
}

function hasVolumes({ components }: PipelinePlan): boolean {
  return components.some(
    (component) => component.kind === "endpoint" && component.writeAheadLog.size !== undefined,
  );
}
