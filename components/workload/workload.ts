import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import type { NetworkAddress } from "../platform-services";
import { memberSelector, workloadLabels } from "./labels";
import { networkPolicySpec, podsOf } from "./network-policy";
import { makesWayForKeda, ScaledObject, type KedaResourceArgs, type ScaledObjectSpec } from "./keda";
import type { VolumeArgs } from "./pod-args";
import { selectPorts } from "./ports";
import { contentHash } from "./stable-text";
import { ownedObjectName } from "./volumes";
import type {
  ServingTransforms,
  ServingWorkloadArgs,
  WorkloadArgs,
  WorkloadTransforms,
} from "./workload-args";
import { requestedServices, serviceAnnotations, serviceSpec } from "./service-args";

/** What Deployments, StatefulSets and Jobs have in common: an account, configuration, a network policy. */
export abstract class Workload<Args extends WorkloadArgs = WorkloadArgs> extends Component {
  /** Name of the objects, and the pods' instance label. */
  readonly name: string;
  /** Namespace of the objects. */
  readonly namespace: pulumi.Output<string>;
  protected readonly args: Args;

  protected constructor(
    type: `workload:${string}`,
    name: string,
    args: Args,
    opts: pulumi.ComponentResourceOptions | undefined,
  ) {
    super(type, name, opts);
    this.args = args;
    this.name = args.name ?? name;
    this.namespace = pulumi.output(args.namespace);
  }

  /**
   * The pods as a network policy of others names them.
   *
   * @param ports - names of declared ports; undefined: all
   */
  address(ports?: readonly string[]): NetworkAddress {
    return {
      peers: [podsOf(this.name, this.namespace)],
      ports: selectPorts(this.args, ports).map(({ port }) => port),
    };
  }

  /** Metadata of an object of this workload. */
  protected metadata(suffix = "", own: Readonly<Record<string, string>> = {}): ObjectMeta {
    const annotations = { ...this.args.defaults?.annotations, ...own };
    return {
      name: suffix === "" ? this.name : ownedObjectName(this.name, suffix),
      namespace: this.namespace,
      labels: workloadLabels(this.name, this.args),
      // The API server drops an empty map, and every preview would show it as a change.
      ...(Object.keys(annotations).length > 0 && { annotations }),
    };
  }

  /** The pods' own account, which has no token, and what they may do on the network. */
  protected makeFoundation(transforms: WorkloadTransforms | undefined): {
    serviceAccount: k8s.core.v1.ServiceAccount;
    networkPolicy: k8s.networking.v1.NetworkPolicy;
  } {
    return {
      serviceAccount: this.child(
        k8s.core.v1.ServiceAccount,
        "",
        { metadata: this.metadata(), automountServiceAccountToken: false },
        { transform: transforms?.serviceAccount },
      ),
      networkPolicy: this.child(
        k8s.networking.v1.NetworkPolicy,
        "",
        { metadata: this.metadata(), spec: networkPolicySpec(this.name, this.args) },
        { transform: transforms?.networkPolicy },
      ),
    };
  }

  /** Options of the controller: the foundation first, then what the caller waits for. */
  protected controllerOptions(
    dependsOn: pulumi.Resource[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.CustomResourceOptions {
    return pulumi.mergeOptions({ dependsOn }, { dependsOn: opts?.dependsOn });
  }

  /** ConfigMaps and Secrets for the volumes whose content was given. */
  protected makeOwnVolumes(): pulumi.Resource[] {
    return Object.entries(this.args.volumes ?? {}).flatMap(([name, volume]) => this.ownVolume(name, volume));
  }

  private ownVolume(name: string, volume: VolumeArgs): pulumi.Resource[] {
    const metadata = this.metadata(name);
    if ("files" in volume)
      return [this.child(k8s.core.v1.ConfigMap, name, { metadata, data: { ...volume.files } })];
    if ("secretFiles" in volume) {
      return [
        this.child(k8s.core.v1.Secret, name, {
          metadata,
          type: "Opaque",
          stringData: { ...volume.secretFiles },
        }),
      ];
    }
    return [];
  }

  /** A hash of everything that the pods read at start and that is known here; undefined when that is nothing. */
  protected checksum(): pulumi.Output<string> | undefined {
    const contents = Object.entries(this.args.volumes ?? {}).flatMap(
      ([name, volume]): [string, unknown][] => {
        if ("files" in volume) return [[name, volume.files]];
        return "secretFiles" in volume ? [[name, volume.secretFiles]] : [];
      },
    );
    if (contents.length === 0 && this.args.rollOn === undefined) return undefined;
    return pulumi
      .output({ volumes: Object.fromEntries(contents), rollOn: this.args.rollOn })
      .apply((content) => contentHash(content));
  }
}

/** Metadata with nothing left to chance. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** What Deployments and StatefulSets have in common: Services and a disruption budget. */
export abstract class ServingWorkload<Args extends ServingWorkloadArgs> extends Workload<Args> {
  /**
   * Address of a Service inside the cluster, without a port.
   *
   * @param suffix - suffix of the Service
   */
  host(suffix = ""): pulumi.Output<string> {
    const name = suffix === "" ? this.name : ownedObjectName(this.name, suffix);
    return pulumi.interpolate`${name}.${this.namespace}.svc`;
  }

  /** The Services by suffix. */
  protected makeServices(
    transforms: ServingTransforms | undefined,
  ): Readonly<Record<string, k8s.core.v1.Service>> {
    const services = requestedServices(this.args).map((service) => {
      const suffix = service.suffix ?? "";
      const args = {
        metadata: this.metadata(suffix, { ...serviceAnnotations(service.type), ...service.annotations }),
        spec: serviceSpec(this.name, this.args, service),
      };
      return [
        suffix,
        this.child(k8s.core.v1.Service, suffix, args, { transform: transforms?.service }),
      ] as const;
    });
    return Object.fromEntries(services);
  }

  /**
   * How many pods may be evicted at once. Pods that are not ready anyway may always be, lest a broken workload
   * block the draining of a node.
   */
  protected makeDisruptionBudget(
    transforms: ServingTransforms | undefined,
  ): k8s.policy.v1.PodDisruptionBudget | undefined {
    if (this.args.maxUnavailable === false) return undefined;
    const args: k8s.policy.v1.PodDisruptionBudgetArgs = {
      metadata: this.metadata(),
      spec: {
        maxUnavailable: this.args.maxUnavailable ?? 1,
        selector: memberSelector(this.name, this.args),
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    };
    return this.child(k8s.policy.v1.PodDisruptionBudget, "", args, {
      transform: transforms?.disruptionBudget,
    });
  }

  /** The autoscaler, where one is asked for. */
  protected makeAutoscaler(
    kind: "Deployment" | "StatefulSet",
    target: pulumi.Resource,
    transforms: ServingTransforms | undefined,
  ): void {
    const { autoscaling } = this.args;
    if (autoscaling === undefined) return;
    const { minReplicas, maxReplicas, metrics = [cpuAt80Percent], triggers } = autoscaling;
    const scaleTargetRef = { apiVersion: "apps/v1", kind, name: this.name } as const;
    if (triggers !== undefined) {
      const args: KedaResourceArgs<ScaledObjectSpec> = {
        metadata: this.metadata(),
        spec: {
          scaleTargetRef,
          minReplicaCount: minReplicas,
          maxReplicaCount: maxReplicas,
          triggers,
        },
      };
      this.child(ScaledObject, "", args, { transform: transforms?.scaledObject, dependsOn: [target] });
      return;
    }
    const args: k8s.autoscaling.v2.HorizontalPodAutoscalerArgs = {
      metadata: this.metadata("", makesWayForKeda),
      spec: { scaleTargetRef, minReplicas, maxReplicas, metrics: [...metrics] },
    };
    this.child(k8s.autoscaling.v2.HorizontalPodAutoscaler, "", args, {
      transform: transforms?.autoscaler,
      dependsOn: [target],
    });
  }

  /**
   * What the engine keeps its hands off: where there is an autoscaler, the number of pods is only stated for the first
   * pods. Stated again it would undo the autoscaler's work, and taken back it would become 1.
   */
  protected leftToAutoscaler(): Pick<pulumi.CustomResourceOptions, "ignoreChanges"> {
    return this.args.autoscaling === undefined ? {} : { ignoreChanges: ["spec.replicas"] };
  }
}

const cpuAt80Percent: k8s.types.input.autoscaling.v2.MetricSpec = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
};
