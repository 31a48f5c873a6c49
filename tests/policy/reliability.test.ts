import {
  boundedAutoscaling,
  boundedJobs,
  drainableBudgets,
  gracefulTermination,
  probedContainers,
  spreadPods,
} from "../../policies/reliability";
import { disruptionBudgets, replicatedServices } from "../../policies/serving";
import { itJudges, itJudgesStacks } from "./cases";
import { goodDeployment, podSpec, runner, withField } from "./fixtures";
import { unknownUntilUpdate } from "./harness";
import { object, workload } from "./objects";

const probe = { httpGet: { path: "/health", port: "http" } };
itJudges(probedContainers, goodDeployment, [
  {
    what: "no readiness probe",
    path: [...runner, "readinessProbe"],
    value: undefined,
    found: ["no readiness probe"],
  },
  { what: "no liveness probe", path: [...runner, "livenessProbe"], value: undefined },
  {
    what: "one probe for both",
    path: [...runner, "readinessProbe"],
    value: { ...probe, failureThreshold: 6 },
    found: ["is killed by the probe"],
  },
  { what: "a container without ports", path: [...runner], value: { name: "worker", image: "worker:1.0" } },
]);

const grace = [...podSpec, "terminationGracePeriodSeconds"];
itJudges(gracefulTermination, goodDeployment, [
  { what: "no time", path: grace, value: 0, found: ["after 0 s"] },
  { what: "hours", path: grace, value: 7200, found: ["7200 s"] },
  { what: "hours where the setting allows them", path: grace, value: 7200, config: { maximumSeconds: 7200 } },
  { what: "Kubernetes' own", path: grace, value: undefined },
]);

itJudges(spreadPods, goodDeployment, [
  {
    what: "two pods anywhere",
    path: [...podSpec, "topologySpreadConstraints"],
    value: undefined,
    found: ["one node"],
  },
  {
    what: "a wish to be apart",
    path: [...podSpec],
    value: { containers: [{}], affinity: { podAntiAffinity: {} } },
  },
  { what: "a number that is not known yet", path: ["spec", "replicas"], value: unknownUntilUpdate },
]);
itJudges(spreadPods, workload("shop/one", { replicas: 1 }), []);

const autoscaler = object("autoscaling/v2:HorizontalPodAutoscaler", "shop/web", {
  spec: { minReplicas: 2, maxReplicas: 8, scaleTargetRef: { kind: "Deployment", name: "web" } },
});
itJudges(boundedAutoscaling, autoscaler, [
  { what: "equal numbers", path: ["spec", "maxReplicas"], value: 2, found: ["from 2 to 2"] },
  { what: "a thousand pods", path: ["spec", "maxReplicas"], value: 1000, found: ["1000 pods"] },
]);
itJudges(
  boundedAutoscaling,
  object("keda.sh/v1alpha1:ScaledObject", "shop/web", { spec: { maxReplicaCount: 4 } }),
  [
    {
      what: "KEDA's numbers the wrong way round",
      path: ["spec", "minReplicaCount"],
      value: 5,
      found: ["from 5 to 4"],
    },
  ],
);

const job = object("batch/v1:Job", "shop/import", {
  spec: { activeDeadlineSeconds: 600, ttlSecondsAfterFinished: 86_400 },
});
itJudges(boundedJobs, job, [
  {
    what: "a Job without end",
    path: ["spec", "activeDeadlineSeconds"],
    value: undefined,
    found: ["for ever"],
  },
  { what: "a Job that stays", path: ["spec", "ttlSecondsAfterFinished"], value: undefined, found: ["stays"] },
]);
itJudges(
  boundedJobs,
  object("batch/v1:CronJob", "shop/backup", {
    spec: { jobTemplate: { spec: { activeDeadlineSeconds: 600 } } },
  }),
  [{ what: "a CronJob without end", path: ["spec", "jobTemplate"], value: {}, found: ["for ever"] }],
);

const budget = object("policy/v1:PodDisruptionBudget", "shop/web", {
  spec: { maxUnavailable: 1, selector: { matchLabels: { app: "web" } } },
});
itJudges(drainableBudgets, budget, [
  { what: "no pod away", path: ["spec", "maxUnavailable"], value: 0, found: ["no pod may be away (0)"] },
  { what: "no percent away", path: ["spec", "maxUnavailable"], value: "0%", found: ["no pod may be away"] },
  { what: "all pods there", path: ["spec"], value: { minAvailable: "100%" }, found: ["all pods"] },
]);

const service = object("core/v1:Service", "shop/web", { spec: { selector: { app: "web" } } });
const web = workload("shop/web");
itJudgesStacks(
  disruptionBudgets,
  [service, web, budget],
  [
    { what: "a Service without", stack: [service, web], found: ['Deployment "web" behind this Service'] },
    {
      what: "a Service whose budget is elsewhere",
      stack: [service, web, withField(budget, ["metadata", "namespace"], "other")],
      found: ["no disruption budget"],
    },
    {
      what: "a Service whose budget is for others",
      stack: [service, web, withField(budget, ["spec", "selector", "matchLabels", "app"], "api")],
      found: ["no disruption budget"],
    },
    { what: "a Service without pods", stack: [service] },
    {
      what: "a Service without a selector",
      stack: [withField(service, ["spec", "selector"], undefined), web],
    },
    {
      what: "labels that are not known yet",
      stack: [service, web, withField(budget, ["spec", "selector"], unknownUntilUpdate)],
    },
  ],
);

const single = workload("shop/web", { replicas: 1 });
itJudgesStacks(
  replicatedServices,
  [service, web],
  [
    { what: "one pod", stack: [service, single], found: ['1 pod is behind the Service "web"'] },
    {
      what: "one pod that says nothing of it",
      stack: [service, withField(web, ["spec", "replicas"], undefined)],
      found: ["1 pod"],
    },
    { what: "one pod that an autoscaler keeps at two", stack: [service, single, autoscaler] },
    { what: "one pod that nobody asks", stack: [single] },
    { what: "one pod that can't be two", stack: [service, single], config: { singletons: ["shop/web"] } },
    {
      what: "one pod of a StatefulSet",
      stack: [service, workload("shop/web", { kind: "StatefulSet", replicas: 1 })],
    },
  ],
);
