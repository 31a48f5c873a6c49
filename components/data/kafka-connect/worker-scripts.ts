import { workerFiles, type WorkerPaths } from "./worker-layout";

/** The JMX agent that a worker runs with. */
export interface MetricsAgent {
  /** Path of its jar in the image. */
  readonly jar: string;
  readonly port: number;
}

/**
 * What a worker starts with: finds Kafka in the image, and becomes the worker, so that a signal to the container reaches
 * it. The heap is part of the container's memory; the rest is for the buffers and threads of connectors.
 */
export function workerStartScript(paths: WorkerPaths, agent?: MetricsAgent): string {
  const file = (name: keyof typeof workerFiles): string => `${paths.configuration}/${workerFiles[name]}`;
  const flags = [
    "-XX:MaxRAMPercentage=60",
    "-XX:+UseG1GC",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    `-Dlog4j2.configurationFile=${file("logging")}`,
    ...(agent === undefined ? [] : [`-javaagent:${agent.jar}=${agent.port}:${file("metrics")}`]),
  ];
  return [
    "#!/bin/sh",
    "set -eu",
    `for home in ${paths.homes.join(" ")}; do`,
    '  if [ -d "$home/libs" ]; then',
    `    exec java ${flags.join(" ")} -cp "$home/libs/*" org.apache.kafka.connect.cli.ConnectDistributed ${file("worker")}`,
    "  fi",
    "done",
    `echo "the image has no Kafka in any of ${paths.homes.join(", ")}" >&2`,
    "exit 1",
    "",
  ].join("\n");
}

/** Rules of the JMX agent: what Kafka Connect says of the worker, the connector and its tasks. */
export function metricsRules(): string {
  const bean = (type: string): string =>
    `kafka.connect<type=${type}, connector="?([^",]+)"?, task="?(\\d+)"?>`;
  const labels = ["    labels:", '      connector: "$1"', '      task: "$2"'];
  return [
    "lowercaseOutputName: true",
    "includeObjectNames:",
    '  - "kafka.connect:*"',
    '  - "java.lang:*"',
    "rules:",
    `  - pattern: '${bean("connector-task-metrics")}<>status: ([a-z]+)'`,
    "    name: kafka_connect_connector_task_status",
    "    type: GAUGE",
    "    value: 1",
    ...labels,
    '      status: "$3"',
    ...["connector-task-metrics", "source-task-metrics", "sink-task-metrics", "task-error-metrics"].flatMap(
      (type) => [
        `  - pattern: '${bean(type)}<>([a-z-]+): .*'`,
        `    name: kafka_connect_${type.replaceAll("-", "_")}_$3`,
        "    type: GAUGE",
        ...labels,
      ],
    ),
    "  - pattern: 'kafka.connect<type=connect-worker-(rebalance-)?metrics><>([a-z-]+): .*'",
    "    name: kafka_connect_worker_$1$2",
    "    type: GAUGE",
    "",
  ].join("\n");
}
