import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../component";
import { selectorLabels, stableLabels } from "./labels";
import type { ClaimArgs } from "./pod-args";
import { podTemplate } from "./pod-template";
import { requestedServices } from "./service-args";
import { ServingWorkload } from "./workload";
import { claimSpec } from "./volumes";
import type { ServingTransforms, ServingWorkloadArgs } from "./workload-args";

/** Suffix of the headless Service that gives each pod a name of its own. */
export const headlessSuffix = "headless";

/** Arguments of {@link StatefulSetWorkload}. */
export interface StatefulSetWorkloadArgs extends ServingWorkloadArgs {
  /** Volume claims of each pod by name; containers mount them like volumes. @default none */
  readonly claims?: Readonly<Record<string, ClaimArgs>>;
  /** `Parallel` starts all pods at once: for clusters whose members wait for each other. @default "OrderedReady" */
  readonly podManagementPolicy?: "OrderedReady" | "Parallel";
  /** Number of the first pod. @default 0 */
  readonly firstOrdinal?: number;
  readonly transform?: ServingTransforms & { readonly statefulSet?: Transform<k8s.apps.v1.StatefulSetArgs> };
}

/**
 * Pods with names and volumes of their own, with all that belongs to them. The headless Service
 * `{name}-headless` is always there; it finds pods before they are ready, so that members can find each other.
 */
export class StatefulSetWorkload extends ServingWorkload<StatefulSetWorkloadArgs> {
  readonly nodes: {
    readonly statefulSet: k8s.apps.v1.StatefulSet;
    readonly services: Readonly<Record<string, k8s.core.v1.Service>>;
    readonly serviceAccount: k8s.core.v1.ServiceAccount;
  };

  constructor(name: string, args: StatefulSetWorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workload:StatefulSet", name, withHeadlessService(args), opts);
    const { serviceAccount, networkPolicy } = this.makeFoundation(args.transform);
    const volumes = this.makeOwnVolumes();
    const services = this.makeServices(args.transform);
    this.makeDisruptionBudget(args.transform);
    const statefulSet = this.child(k8s.apps.v1.StatefulSet, "", this.statefulSet(), {
      transform: args.transform?.statefulSet,
      ...this.leftToAutoscaler(),
      ...this.controllerOptions(
        [serviceAccount, networkPolicy, ...Object.values(services), ...volumes],
        opts,
      ),
    });
    this.makeAutoscaler("StatefulSet", statefulSet, args.transform);
    this.nodes = { statefulSet, services, serviceAccount };
    this.registerOutputs({ name: this.name, namespace: this.namespace });
  }

  private statefulSet(): k8s.apps.v1.StatefulSetArgs {
    const { args } = this;
    const claims = Object.entries(args.claims ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
    const afterDeletion = args.defaults?.retainClaims === false ? "Delete" : "Retain";
    return {
      metadata: this.metadata(),
      spec: {
        replicas: args.replicas ?? 1,
        selector: { matchLabels: selectorLabels(this.name) },
        serviceName: `${this.name}-${headlessSuffix}`,
        podManagementPolicy: args.podManagementPolicy ?? "OrderedReady",
        updateStrategy: { type: "RollingUpdate" },
        minReadySeconds: args.minReadySeconds ?? 0,
        revisionHistoryLimit: 3,
        ordinals: args.firstOrdinal === undefined ? undefined : { start: args.firstOrdinal },
        persistentVolumeClaimRetentionPolicy:
          claims.length === 0 ? undefined : { whenDeleted: afterDeletion, whenScaled: "Retain" },
        template: podTemplate(args, {
          name: this.name,
          checksum: this.checksum(),
          claims: claims.map(([claim]) => claim),
        }),
        volumeClaimTemplates: claims.map(([claim, claimArgs]) => this.claimTemplate(claim, claimArgs)),
      },
    };
  }

  /** Kubernetes refuses every change of a claim's template, so it carries only labels that stay. */
  private claimTemplate(name: string, claim: ClaimArgs): k8s.types.input.core.v1.PersistentVolumeClaim {
    return {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, labels: stableLabels(this.name, this.args) },
      spec: claimSpec({ storageClass: this.args.defaults?.storageClass, ...claim }),
    };
  }
}

function withHeadlessService(args: StatefulSetWorkloadArgs): StatefulSetWorkloadArgs {
  const services = requestedServices(args);
  if (services.some(({ suffix }) => suffix === headlessSuffix)) return args;
  const headless = { suffix: headlessSuffix, headless: true, publishNotReadyAddresses: true };
  return { ...args, services: [...services, headless] };
}
