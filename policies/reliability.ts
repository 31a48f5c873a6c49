import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { types } from "./rule/kubernetes-object";
import { podTemplatesOf, type Container } from "./rule/pod-templates";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings, type Finding } from "./rule/rule";
import { podCount, workloadsOf } from "./rule/workloads";

const lasting = ["Deployment", "StatefulSet", "DaemonSet"];

/** Kubernetes can tell whether a program works. */
export const probedContainers = defineRule({
  name: "probed-containers",
  severity: "medium",
  description:
    "Every container with ports has a readiness probe, and its liveness probe is not the same as that.",
  rationale:
    "Without a readiness probe, requests go to a program that still starts. With the same probe for both, a program that is busy for a moment is not relieved but killed, and its neighbours get its load next.",
  remedy:
    "State probes of the algo in its document, or of the system in its component; a liveness probe that asks the same should be more patient (failureThreshold, periodSeconds).",
  levels: advisoryInDev,
  settings: noSettings,
  *judge(resource) {
    if (!lasting.includes(resource.kind)) return;
    for (const { containers, isWhole } of podTemplatesOf(resource)) {
      if (!isWhole) continue;
      for (const container of containers) {
        if (container.role === "container") yield* judgeProbes(container);
      }
    }
  },
});

/** Programs get time to finish what they began. */
export const gracefulTermination = defineRule({
  name: "graceful-termination",
  severity: "medium",
  description: "Every pod has time to end, and not more than a node is given to drain.",
  rationale:
    "With 0 seconds, each update kills messages that are half processed. With hours, nodes can't be drained, and an upgrade of the cluster stands still at the first of them.",
  remedy:
    "Set terminationGracePeriodSeconds to what the longest message takes; in documents it follows from the timeouts of the algo.",
  levels: advisoryInDev,
  settings: z.strictObject({
    minimumSeconds: z.int().min(0).default(5).meta({ description: "The shortest time to end" }),
    maximumSeconds: z.int().min(1).default(3600).meta({ description: "The longest time to end" }),
  }),
  *judge(resource, { settings }) {
    for (const { spec } of podTemplatesOf(resource)) {
      const field = spec.at("terminationGracePeriodSeconds");
      const seconds = field.number;
      if (seconds === undefined) continue;
      if (seconds < settings.minimumSeconds)
        yield {
          field,
          found: `the pod is killed after ${seconds} s`,
          fix: `give it ${settings.minimumSeconds} s or more`,
        };
      if (seconds > settings.maximumSeconds)
        yield {
          field,
          found: `the pod may take ${seconds} s to end`,
          fix: `give it ${settings.maximumSeconds} s or less`,
        };
    }
  },
});

/** One lost node or zone is not all pods. */
export const spreadPods = defineRule({
  name: "spread-pods",
  severity: "medium",
  description: "Pods of a workload with several of them go to different nodes or zones.",
  rationale:
    "The scheduler may put all pods of a workload on one node. Then several of them are as reliable as one.",
  remedy:
    "Set topologySpreadConstraints or podAntiAffinity; components/workload sets both, as a wish that does not keep pods from starting.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge(resource) {
    if (!["Deployment", "StatefulSet"].includes(resource.kind)) return;
    for (const workload of workloadsOf([resource])) {
      const { spec } = workload.template;
      const constraints = spec.at("topologySpreadConstraints");
      const affinity = spec.at("affinity", "podAntiAffinity");
      if ((podCount(workload) ?? 0) < 2 || !constraints.isAbsent || !affinity.isAbsent) continue;
      const fix = "set topologySpreadConstraints over topology.kubernetes.io/zone, or podAntiAffinity";
      yield { field: constraints, found: "all pods of the workload may land on one node", fix };
    }
  },
});

/** Numbers of pods have two ends. */
export const boundedAutoscaling = defineRule({
  name: "bounded-autoscaling",
  severity: "medium",
  description: "Every autoscaler has a highest number of pods above its lowest, within bounds.",
  rationale:
    "With equal numbers nothing scales, and nobody notices until the load comes. Without a sensible highest number, one poisoned message that is retried for ever starts pods until the budget is gone.",
  remedy: "Set minReplicas and maxReplicas in autoscaling of the document.",
  levels: advisoryInDev,
  settings: z.strictObject({
    maximumReplicas: z.int().min(1).default(100).meta({
      description: "The most pods that one autoscaler may start",
    }),
  }),
  *judge({ type, fields }, { settings }) {
    const spec = fields.at("spec");
    const isKeda = /^kubernetes:keda\.sh\/[^:]+:ScaledObject$/.test(type);
    if (!isKeda && !/^kubernetes:autoscaling\/v\d\w*:HorizontalPodAutoscaler$/.test(type)) return;
    const most = spec.at(isKeda ? "maxReplicaCount" : "maxReplicas");
    const least = spec.at(isKeda ? "minReplicaCount" : "minReplicas");
    if (most.isUnknown || least.isUnknown) return;
    // The defaults of KEDA and of Kubernetes.
    const [highest, lowest] = [most.number ?? (isKeda ? 100 : 0), least.number ?? (isKeda ? 0 : 1)];
    if (highest <= lowest)
      yield {
        field: most,
        found: `the autoscaler goes from ${lowest} to ${highest} pods`,
        fix: `set it above ${lowest}`,
      };
    if (highest > settings.maximumReplicas)
      yield {
        field: most,
        found: `the autoscaler may start ${highest} pods`,
        fix: `set it to ${settings.maximumReplicas} or less`,
      };
  },
});

/** Jobs end. */
export const boundedJobs = defineRule({
  name: "bounded-jobs",
  severity: "low",
  description: "Every Job has a time by which it has ended, and is cleared away afterwards.",
  rationale:
    "A Job that waits for something that never comes holds its pod, its quota and the update that awaits it. Jobs that have ended stay until somebody deletes them.",
  remedy:
    "Set activeDeadlineSeconds and ttlSecondsAfterFinished; a CronJob keeps a history instead of the latter.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge(resource) {
    const isCron = /^kubernetes:batch\/v1:CronJob$/.test(resource.type);
    if (!isCron && resource.type !== "kubernetes:batch/v1:Job") return;
    const spec = resource.fields.at("spec", ...(isCron ? ["jobTemplate", "spec"] : []));
    const deadline = spec.at("activeDeadlineSeconds");
    if (deadline.isAbsent)
      yield {
        field: deadline,
        found: "the Job may run for ever",
        fix: "set it to what the Job takes at most",
      };
    const cleared = spec.at("ttlSecondsAfterFinished");
    if (!isCron && cleared.isAbsent)
      yield {
        field: cleared,
        found: "the Job stays after it has ended",
        fix: "set it to a day or so (86400)",
      };
  },
});

/** Nodes can be drained. */
export const drainableBudgets = defineRule({
  name: "drainable-budgets",
  severity: "high",
  description: "Every disruption budget lets at least one pod be moved.",
  rationale:
    "A budget that allows no disruption stops every drain of a node: the upgrade of the cluster waits for ever, or is forced and takes all pods at once.",
  remedy: "Set maxUnavailable to 1 or more, rather than minAvailable to the number of pods.",
  levels: advisoryInDev,
  settings: noSettings,
  type: types.podDisruptionBudget,
  *judge(resource) {
    yield* judgeBudget(resource);
  },
});

function* judgeBudget({ fields }: Resource): Iterable<Finding> {
  const [unavailable, available] = [fields.at("spec", "maxUnavailable"), fields.at("spec", "minAvailable")];
  const isNone = unavailable.number === 0 || unavailable.text?.trim() === "0%";
  const isAll = available.text?.trim() === "100%";
  const fix = "set maxUnavailable to 1, and leave minAvailable out";
  if (isNone) yield { field: unavailable, found: `no pod may be away (${unavailable.shown})`, fix };
  if (isAll) yield { field: available, found: "all pods must be there", fix };
}

function* judgeProbes({ label, fields }: Container): Iterable<Finding> {
  const ports = fields.at("ports");
  const [readiness, liveness] = [fields.at("readinessProbe"), fields.at("livenessProbe")];
  if (ports.items.length === 0 || readiness.isPartlyUnknown || liveness.isPartlyUnknown) return;
  if (readiness.isAbsent) {
    yield { field: readiness, found: `${label} has ports and no readiness probe`, fix: "state one" };
  } else if (!liveness.isAbsent && isSame(readiness, liveness)) {
    const fix = "ask another question, or be more patient (failureThreshold, periodSeconds)";
    yield { field: liveness, found: `${label} is killed by the probe that says whether it is ready`, fix };
  }
}

function isSame(left: Field, right: Field): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(field: Field): unknown {
  if (field.entries.length === 0) return field.shown;
  return field.entries.filter(([, entry]) => !entry.isAbsent).map(([key, entry]) => [key, sorted(entry)]);
}
