import { configurationPath } from "./cluster-properties";
import { kafkaPorts, kafkaUsers, type NodePaths } from "./cluster-layout";

/** What the start of a node is made from. */
export interface StartScript {
  readonly paths: NodePaths;
  /** Identity of the cluster: 16 bytes in base64url. */
  readonly clusterId: string;
  readonly role: "controller" | "broker";
  /** Size of Java's heap in MiB. */
  readonly heapMebibytes: number;
}

/** What the stop of a broker is made from. */
export interface StopScript {
  readonly paths: NodePaths;
  /** Name by which this broker is reached; may hold variables of the shell. */
  readonly host: string;
  /** Longest time to wait for copies elsewhere, in seconds. */
  readonly waitSeconds: number;
}

/**
 * What a node starts with: prepares the storage, which changes nothing when it is prepared already, and becomes Kafka,
 * so that a signal to the container reaches it.
 *
 * The first users are written when a controller prepares its storage. The passwords go by a file in memory, since the
 * arguments of a process can be read by others.
 */
export function startScript(script: StartScript): string {
  const { paths, clusterId, role } = script;
  const server = configurationPath(paths, "server");
  const arguments_ = `${paths.memory}/format.arguments`;
  const users = role === "controller" ? Object.values(kafkaUsers) : [];
  const credentials = users.map(
    (user) =>
      `  printf -- '--add-scram=SCRAM-SHA-512=[name=${user},password=%s]\\n' "$(cat ${paths.credentials}/${user})"`,
  );
  return lines(
    "#!/bin/sh",
    "set -eu",
    "umask 077",
    'if [ -n "${EXTERNAL_ADDRESSES:-}" ]; then',
    '  EXTERNAL_ADDRESS=$(printf "%s" "$EXTERNAL_ADDRESSES" | cut -d, -f$((POD_INDEX + 1)))',
    "  export EXTERNAL_ADDRESS",
    "fi",
    "{",
    `  printf '%s\\n' format --ignore-formatted --cluster-id=${clusterId} --config=${server}`,
    ...credentials,
    `} > ${arguments_}`,
    `${java(paths, "-Xmx128m")} kafka.tools.StorageTool @${arguments_}`,
    `rm ${arguments_}`,
    "# The zone is known only in the pod, and not in every cluster.",
    'if [ -n "${RACK:-}" ]; then set -- --override "broker.rack=$RACK"; fi',
    `exec ${java(paths, ...serverFlags(script.heapMebibytes))} kafka.Kafka ${server} "$@"`,
  );
}

/**
 * What a broker does before it stops: waits until no partition would fall below its minimum of copies by its going.
 * It gives up after a while, lest a cluster that can't heal can't be repaired either.
 */
export function stopScript({ paths, host, waitSeconds }: StopScript): string {
  const bootstrap = `${host}:${kafkaPorts.replication}`;
  const client = configurationPath(paths, "client");
  const tool = `${java(paths, "-Xmx96m")} org.apache.kafka.tools.TopicCommand`;
  return lines(
    "#!/bin/sh",
    "set -u",
    `deadline=$(($(date +%s) + ${waitSeconds}))`,
    'while [ "$(date +%s)" -lt "$deadline" ]; do',
    `  if partitions=$(${tool} --bootstrap-server "${bootstrap}" --command-config ${client} --describe --at-min-isr-partitions) &&`,
    '    ! printf "%s" "$partitions" | grep -Eq "Isr: ([0-9]+,)*$POD_INDEX(,|[[:space:]]|\\$)"; then',
    "    exit 0",
    "  fi",
    "  sleep 3",
    "done",
    `echo "stopping although partitions have no copy to spare, after ${waitSeconds} s" >&2`,
  );
}

/**
 * Gives the administrator the password that is mounted. The storage is told of it only when it is prepared, so a later
 * one is set by the nodes, who may do everything, too. It bears repeating.
 *
 * @param bootstrap - `host:port` of brokers
 */
export function administratorScript(paths: NodePaths, bootstrap: string): string {
  const { administrator } = kafkaUsers;
  const arguments_ = `${paths.memory}/administrator.arguments`;
  return lines(
    "#!/bin/sh",
    "set -eu",
    "umask 077",
    "# Java reads its own arguments, and those of the program, from a file that is named before the program.",
    "{",
    "  echo kafka.admin.ConfigCommand",
    `  printf '%s\\n' --bootstrap-server ${bootstrap} --command-config ${configurationPath(paths, "client")}`,
    `  printf '%s\\n' --alter --entity-type users --entity-name ${administrator} --add-config`,
    `  printf 'SCRAM-SHA-512=[password=%s]\\n' "$(cat ${paths.credentials}/${administrator})"`,
    `} > ${arguments_}`,
    `${java(paths, "-Xmx128m")} @${arguments_}`,
    `rm ${arguments_}`,
  );
}

/** Settings of log4j2: everything to the container's output, which the cluster collects. */
export function loggingProperties(): string {
  return lines(
    "status=error",
    "appender.console.type=Console",
    "appender.console.name=console",
    "appender.console.target=SYSTEM_OUT",
    "appender.console.layout.type=PatternLayout",
    "appender.console.layout.pattern=%d{ISO8601} %p %m (%c)%n",
    "rootLogger.level=info",
    "rootLogger.appenderRef.console.ref=console",
    "# One line for each denied request, none for each allowed one.",
    "logger.authorizer.name=kafka.authorizer.logger",
    "logger.authorizer.level=info",
  );
}

/** As Kafka's own start script has them; and out of memory is an end, not a state. */
function serverFlags(heapMebibytes: number): readonly string[] {
  return [
    `-Xms${heapMebibytes}m`,
    `-Xmx${heapMebibytes}m`,
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35",
    "-XX:+ExplicitGCInvokesConcurrent",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
  ];
}

function java(paths: NodePaths, ...flags: readonly string[]): string {
  const logging = `-Dlog4j2.configurationFile=${configurationPath(paths, "logging")}`;
  return ["java", ...flags, logging, "-cp", `'${paths.libraries}/*'`].join(" ");
}

function lines(...text: readonly string[]): string {
  return `${text.join("\n")}\n`;
}
