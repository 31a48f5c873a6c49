import {
  configurationFiles,
  controllerIdPrefix,
  kafkaPorts,
  kafkaUsers,
  type NodePaths,
} from "./cluster-layout";
import { renderProperties } from "./properties";
import { replicationFor } from "./replication";

type Settings = Readonly<Record<string, string | number | boolean>>;

/**
 * What the configuration of a node is made from. Hosts may hold `${env:POD_INDEX}` and `${env:POD_NAME}`, which each
 * node fills in for itself: all nodes of a role read the same file, and one more of them changes nothing for the rest.
 */
export interface NodeConfiguration {
  readonly paths: NodePaths;
  /** Hosts of the controllers in order of their pods' numbers. */
  readonly controllers: readonly string[];
  /** Number of brokers: decides how many copies are kept. */
  readonly brokers: number;
  /** Name by which others reach a broker. */
  readonly brokerHost: string;
  /** Address that a node listens on. */
  readonly listenHost: string;
  /** Whether all connections are encrypted. */
  readonly tls: boolean;
  /** Whom nodes trust: what is rendered beside the configuration, or who signed their own certificate. */
  readonly authority: "rendered" | "own";
  /** Whether brokers have a listener for clients outside; its `host:port` comes from `${env:EXTERNAL_ADDRESS}`. */
  readonly external: boolean;
  /** Settings beside ours, as Kafka names them; they can't undo what is safe. */
  readonly settings: Settings;
}

/** `server.properties` of the controllers. */
export function controllerProperties(configuration: NodeConfiguration): string {
  return renderProperties({
    ...common(configuration),
    "process.roles": "controller",
    "node.id": `${controllerIdPrefix}\${env:POD_INDEX}`,
    listeners: `CONTROLLER://${configuration.listenHost}:${kafkaPorts.controller}`,
    "listener.security.protocol.map": `CONTROLLER:${protocol(configuration)}`,
  });
}

/** `server.properties` of the brokers. */
export function brokerProperties(configuration: NodeConfiguration): string {
  const { brokerHost, listenHost, external } = configuration;
  const { factor, minimumInSync } = replicationFor(configuration.brokers);
  const ports: [string, number][] = [
    ["CLIENTS", kafkaPorts.clients],
    ["REPLICATION", kafkaPorts.replication],
    ...(external ? [["EXTERNAL", kafkaPorts.external] satisfies [string, number]] : []),
  ];
  const advertised = ports.map(([name, port]) =>
    name === "EXTERNAL" ? "EXTERNAL://${env:EXTERNAL_ADDRESS}" : `${name}://${brokerHost}:${port}`,
  );
  return renderProperties({
    ...common(configuration),
    "process.roles": "broker",
    "node.id": "${env:POD_INDEX}",
    listeners: ports.map(([name, port]) => `${name}://${listenHost}:${port}`).join(","),
    "advertised.listeners": advertised.join(","),
    "listener.security.protocol.map": [...ports.map(([name]) => name), "CONTROLLER"]
      .map((name) => `${name}:${protocol(configuration)}`)
      .join(","),
    "inter.broker.listener.name": "REPLICATION",
    "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
    "listener.name.clients.scram-sha-512.sasl.jaas.config": `${scramModule} required;`,
    "listener.name.replication.scram-sha-512.sasl.jaas.config": nodeLogin(scramModule, configuration),
    ...(external
      ? { "listener.name.external.scram-sha-512.sasl.jaas.config": `${scramModule} required;` }
      : {}),
    "auto.create.topics.enable": false,
    "controlled.shutdown.enable": true,
    // Consumers that say where they are (`client.rack`) read from a copy in their own zone.
    "replica.selector.class": "org.apache.kafka.common.replica.RackAwareReplicaSelector",
    "offsets.topic.replication.factor": factor,
    "share.coordinator.state.topic.min.isr": minimumInSync,
    "share.coordinator.state.topic.replication.factor": factor,
    "transaction.state.log.min.isr": minimumInSync,
    "transaction.state.log.replication.factor": factor,
  });
}

/** Settings with which Kafka's own tools log in as a node, for what a broker asks before it stops. */
export function nodeClientProperties(configuration: NodeConfiguration): string {
  return renderProperties({
    ...providers(configuration),
    ...certificates(configuration),
    "security.protocol": protocol(configuration),
    "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.jaas.config": nodeLogin(scramModule, configuration),
  });
}

/** Path of a rendered file in the pod. */
export function configurationPath(paths: NodePaths, file: keyof typeof configurationFiles): string {
  return `${paths.configuration}/${configurationFiles[file]}`;
}

/**
 * The controllers' listener takes no SCRAM, whose records are kept behind it: it takes a password by PLAIN, from nodes
 * only. Everything else is SCRAM, which never shows the password.
 */
function common(configuration: NodeConfiguration): Settings {
  const { controllers, paths } = configuration;
  const { node, administrator } = kafkaUsers;
  const plain = nodeLogin(plainModule, configuration).replace(
    /;$/,
    ` user_${node}="${nodePassword(paths)}";`,
  );
  const { factor, minimumInSync } = replicationFor(configuration.brokers);
  return {
    ...configuration.settings,
    ...providers(configuration),
    ...certificates(configuration),
    // Controllers make the topics and elect the leaders, so that these three count there.
    "default.replication.factor": factor,
    "min.insync.replicas": minimumInSync,
    "unclean.leader.election.enable": false,
    "controller.listener.names": "CONTROLLER",
    "controller.quorum.voters": controllers
      .map((host, index) => `${controllerIdPrefix}${index}@${host}:${kafkaPorts.controller}`)
      .join(","),
    "log.dirs": paths.data,
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "sasl.mechanism.controller.protocol": "PLAIN",
    "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
    "listener.name.controller.plain.sasl.jaas.config": plain,
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": false,
    "super.users": `User:${administrator};User:${node}`,
  };
}

/** Lets values be read from files of Secrets, and from the two variables that tell pods apart. */
function providers({ paths, tls, authority }: NodeConfiguration): Settings {
  const provider = "org.apache.kafka.common.config.provider";
  return {
    "config.providers": "directory,env",
    "config.providers.directory.class": `${provider}.DirectoryConfigProvider`,
    // Kafka refuses to start when one of them does not exist.
    "config.providers.directory.param.allowed.paths": [
      paths.credentials,
      ...(tls ? [paths.certificates] : []),
      ...(tls && authority === "rendered" ? [paths.configuration] : []),
    ].join(","),
    "config.providers.env.class": `${provider}.EnvVarConfigProvider`,
    "config.providers.env.param.allowlist.pattern": "POD_NAME|POD_INDEX|EXTERNAL_ADDRESS",
  };
}

function certificates({ paths, tls, authority }: NodeConfiguration): Settings {
  if (!tls) return {};
  const file = (name: string): string => `\${directory:${paths.certificates}:${name}}`;
  const rendered = `\${directory:${paths.configuration}:${configurationFiles.authority}}`;
  return {
    "ssl.keystore.type": "PEM",
    "ssl.keystore.certificate.chain": file("tls.crt"),
    "ssl.keystore.key": file("tls.key"),
    "ssl.truststore.type": "PEM",
    "ssl.truststore.certificates": authority === "rendered" ? rendered : file("ca.crt"),
  };
}

const scramModule = "org.apache.kafka.common.security.scram.ScramLoginModule";
const plainModule = "org.apache.kafka.common.security.plain.PlainLoginModule";

function nodeLogin(module: string, { paths }: NodeConfiguration): string {
  return `${module} required username="${kafkaUsers.node}" password="${nodePassword(paths)}";`;
}

function nodePassword(paths: NodePaths): string {
  return `\${directory:${paths.credentials}:${kafkaUsers.node}}`;
}

function protocol({ tls }: NodeConfiguration): "SASL_SSL" | "SASL_PLAINTEXT" {
  return tls ? "SASL_SSL" : "SASL_PLAINTEXT";
}
