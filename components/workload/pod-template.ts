import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerSpec, initContainerSpec, type ContainerContext } from "./container";
import { memberSelector, selectorLabels, workloadLabels } from "./labels";
import type { PodDefaults } from "./pod-defaults";
import { podPorts } from "./ports";
import { podVolumes } from "./volumes";
import type { WorkloadArgs } from "./workload-args";

/** User and group of processes whose image asks for none of its own. */
export const defaultUserId = 10001;

/** Annotation whose change replaces the pods: a hash of all configuration that they read at start. */
export const checksumAnnotation = "algo.run/config-checksum";

/** What a template needs beside the workload's arguments. */
export interface TemplateContext {
  /** Name of the workload. */
  readonly name: string;
  /** Hash of what the pods read at start. */
  readonly checksum: pulumi.Input<string> | undefined;
  /** Names of the StatefulSet's claims. */
  readonly claims: readonly string[];
  /** Undefined for pods that always run. */
  readonly restartPolicy?: "Never" | "OnFailure";
}

/** The pod template of a workload: what its arguments say, and what every pod of ours has. */
export function podTemplate(
  args: WorkloadArgs,
  context: TemplateContext,
): k8s.types.input.core.v1.PodTemplateSpec {
  podPorts(args);
  const checksum: Record<string, pulumi.Input<string>> = context.checksum === undefined
    ? {}
    : { [checksumAnnotation]: context.checksum };
  const annotations = { ...args.defaults?.annotations, ...args.podAnnotations, ...checksum };
  return {
    metadata: {
      labels: workloadLabels(context.name, args),
      // The API server drops what is empty, so it is not written.
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: podSpec(args, context),
  };
}

function podSpec(args: WorkloadArgs, context: TemplateContext): k8s.types.input.core.v1.PodSpec {
  const defaults = args.defaults ?? {};
  const containers: ContainerContext = { pod: args, defaults, claims: context.claims };
  return {
    serviceAccountName: context.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: context.restartPolicy ?? "Always",
    securityContext: podSecurityContext(args),
    terminationGracePeriodSeconds: args.terminationGracePeriodSeconds ?? 30,
    priorityClassName: defaults.priorityClassName,
    imagePullSecrets: defaults.imagePullSecrets?.map((name) => ({ name })),
    ...placement(args, defaults),
    ...(context.restartPolicy === undefined ? spread(args, context) : neighbours(args)),
    initContainers: args.initContainers?.map((container) => initContainerSpec(container, containers)),
    containers: args.containers.map((container) => containerSpec(container, containers)),
    volumes: podVolumes(context.name, args),
  };
}

/** The nodes of the environment, narrowed by what these pods need. */
function placement(
  { nodes = {} }: WorkloadArgs,
  defaults: PodDefaults,
): Pick<k8s.types.input.core.v1.PodSpec, "nodeSelector" | "tolerations" | "runtimeClassName"> {
  const { nodeSelector, tolerations, runtimeClassName } = nodes;
  return {
    nodeSelector: (defaults.nodeSelector ?? nodeSelector) && { ...defaults.nodeSelector, ...nodeSelector },
    tolerations: (defaults.tolerations ?? tolerations) && [
      ...(defaults.tolerations ?? []),
      ...(tolerations ?? []),
    ],
    runtimeClassName,
  };
}

function podSecurityContext(args: WorkloadArgs): k8s.types.input.core.v1.PodSecurityContext {
  const runAsUser = args.userId ?? defaultUserId;
  const runAsGroup = args.groupId ?? runAsUser;
  if (runAsUser < 1 || runAsGroup < 1)
    throw new Error(`pods of ours never run as root, found user ${runAsUser}`);
  return {
    runAsNonRoot: true,
    runAsUser,
    runAsGroup,
    fsGroup: runAsGroup,
    // Changing the owner of every file at each start takes minutes on large volumes.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** A Job has a single pod, which nothing spreads: it may have to be where others are, or where they are not. */
function neighbours({ nodes = {} }: WorkloadArgs): Pick<k8s.types.input.core.v1.PodSpec, "affinity"> {
  const terms = (name: string): k8s.types.input.core.v1.PodAffinityTerm[] => [
    { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: selectorLabels(name) } },
  ];
  const { besidePodsOf, awayFromPodsOf } = nodes;
  if (besidePodsOf !== undefined)
    return {
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms(besidePodsOf) } },
    };
  if (awayFromPodsOf === undefined) return {};
  const away = { requiredDuringSchedulingIgnoredDuringExecution: terms(awayFromPodsOf) };
  return { affinity: { podAntiAffinity: away } };
}

/** Pods of a workload go to different zones and nodes. */
function spread(
  args: WorkloadArgs,
  context: TemplateContext,
): Pick<k8s.types.input.core.v1.PodSpec, "affinity" | "topologySpreadConstraints"> {
  const labelSelector = memberSelector(context.name, args);
  return {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: args.spread === "required" ? "DoNotSchedule" : "ScheduleAnyway",
        labelSelector,
      },
    ],
    affinity: {
      podAntiAffinity: antiAffinity(args, { topologyKey: "kubernetes.io/hostname", labelSelector }),
    },
  };
}

function antiAffinity(
  { spread: how }: WorkloadArgs,
  podAffinityTerm: k8s.types.input.core.v1.PodAffinityTerm,
): k8s.types.input.core.v1.PodAntiAffinity {
  return how === "required"
    ? { requiredDuringSchedulingIgnoredDuringExecution: [podAffinityTerm] }
    : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}
