import type { AcceptedFinding } from "./accepted-finding";

/** Everything that the linters find and that stays. docs/linters.md is made from it: `npm run linters`. */
export const acceptedFindings: readonly AcceptedFinding[] = [
  {
    linter: "kube-score",
    check: "container-security-context-user-group-id",
    objects: ["Deployment algorun/ambassador", "StatefulSet algorun/sql"],
    containers: ["emissary", "sql"],
    reason:
      "PostgreSQL refuses a data folder of another user, and wants a name for its own. Emissary's makers name its user, and promise nothing for another. Neither is root.",
  },
  {
    linter: "kube-score",
    check: "deployment-targeted-by-hpa-does-not-have-replicas-configured",
    objects: ["Deployment algorun-acme-order-enrichment/*", "Deployment plants-northwind-vibration-watch/*"],
    reason:
      "It is the number of the first pods only: the engine ignores later changes of the field, so it never works against the autoscaler. Without it Polaris complains in kube-score's place, and a new algo starts with one pod.",
  },
  {
    linter: "kube-score",
    check: "pod-probes-identical",
    objects: ["StatefulSet algorun/kafka-controller"],
    reason:
      "A KRaft controller has one port, which speaks Kafka's protocol, and can be asked nothing but whether it accepts a connection. The probes differ in patience: fifteen seconds for readiness, two minutes for a restart.",
  },
  {
    linter: "kube-score",
    check: "pod-probes-identical",
    objects: ["Deployment plants-northwind-vibration-watch/northwind-detect-anomaly-5-1-0-1"],
    reason:
      "An algo that is a server and whose document states no probes: only its author knows what it answers to. The probes differ in patience: half a minute for readiness, two minutes for a restart.",
  },
  {
    linter: "polaris",
    check: "deploymentMissingReplicas",
    objects: ["Deployment algorun-acme-order-enrichment/*", "Deployment plants-northwind-vibration-watch/*"],
    reason:
      "How many pods an algo or a hook has is what its document says. One is enough where nothing waits for an answer: messages stay in Kafka until the next pod reads on.",
  },
  {
    linter: "polaris",
    check: "deploymentMissingReplicas",
    objects: ["Deployment algorun/kafka-exporter", "Deployment algorun/kube-state-metrics"],
    reason:
      "A second exporter would report every figure twice. While its one pod is replaced, graphs have a gap and no message waits.",
  },
  {
    linter: "polaris",
    check: "priorityClassNotSet",
    objects: ["CronJob */*", "Deployment */*", "Job */*", "StatefulSet */*"],
    reason:
      "Priority classes belong to the cluster, and a pod that names one which is not there is refused. A stack names its own in `priorityClassName` of `algorun:pods`.",
  },
  {
    linter: "polaris",
    check: "sensitiveContainerEnvVar",
    objects: ["StatefulSet algorun/sql"],
    containers: ["sql"],
    reason: "The variable holds the path of a file, not a password. Its name is the image's.",
  },
];
