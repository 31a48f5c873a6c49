/** Names of the systems: of their components, and of their objects in the platform's namespace. */
export const systemNames = {
  alertmanager: "alertmanager",
  ambassador: "ambassador",
  aws: "aws",
  certificates: "certificates",
  grafana: "grafana",
  kafkaExporter: "kafka-exporter",
  kafka: "kafka",
  kubeStateMetrics: "kube-state-metrics",
  nginxRtmp: "nginx-rtmp",
  objectStorage: "object-storage",
  prometheus: "prometheus",
  redis: "redis",
  sql: "sql",
} as const;
