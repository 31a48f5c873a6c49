import type { Ports } from "../process/ports";

/** What the settings of the broker and of its command line tools have in common. */
export interface ClientSettings {
  readonly username: string;
  readonly password: string;
  readonly ports: Ports;
  /** PEM file with the authority's certificate. */
  readonly trustStore: string;
}

/** The values in the broker's settings that differ between environments. */
export interface ServerSettings extends ClientSettings {
  /** Folder of the data. */
  readonly data: string;
  /** PEM file with the broker's key and certificate. */
  readonly keyStore: string;
}

/**
 * `server.properties` of one broker that is its own controller: fit for development only.
 * Clients come in by TLS and SCRAM and may do what an ACL allows; the controller's port takes
 * nobody but the broker, by certificate.
 */
export function serverProperties(settings: ServerSettings): string {
  const { data, keyStore, ports, trustStore, username } = settings;
  const clients = `127.0.0.1:${ports.kafka}`;
  const controller = `127.0.0.1:${ports.kafkaController}`;
  return properties({
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.voters": `1@${controller}`,
    listeners: `CLIENTS://${clients},CONTROLLER://${controller}`,
    "advertised.listeners": `CLIENTS://${clients}`,
    "listener.security.protocol.map": "CLIENTS:SASL_SSL,CONTROLLER:SSL",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "CLIENTS",
    "log.dirs": data,

    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": keyStore,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": trustStore,
    "listener.name.controller.ssl.client.auth": "required",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
    "listener.name.clients.scram-sha-512.sasl.jaas.config": login(settings),

    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "false",
    "super.users": `User:${username};User:CN=kafka`,

    "auto.create.topics.enable": "false",
    // One broker can hold one replica of each of Kafka's own topics, and few partitions start faster.
    "offsets.topic.num.partitions": "5",
    "offsets.topic.replication.factor": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "transaction.state.log.num.partitions": "5",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    // The default (128 MiB) is a third of this broker's memory.
    "log.cleaner.dedupe.buffer.size": "16777216",
  });
}

/** Settings with which Kafka's own command line tools log in. */
export function clientProperties(settings: ClientSettings): string {
  return properties({
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.jaas.config": login(settings),
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": settings.trustStore,
  });
}

function login({ username, password }: ClientSettings): string {
  const module = "org.apache.kafka.common.security.scram.ScramLoginModule";
  return `${module} required username="${username}" password="${password}";`;
}

/** Java's properties format; a backslash in a value (a path) must be doubled. */
function properties(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value.replaceAll("\\", "\\\\")}\n`)
    .join("");
}
