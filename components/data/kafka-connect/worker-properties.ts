import { renderProperties } from "../kafka/properties";
import type { WorkerPaths } from "./worker-layout";

type Settings = Readonly<Record<string, string | number | boolean>>;

/** How clients inside a worker log in to Kafka: with the credentials that the worker has as files. */
export interface ClientLogin {
  readonly paths: Pick<WorkerPaths, "credentials">;
  readonly securityProtocol: "SASL_SSL" | "SASL_PLAINTEXT";
  readonly saslMechanism: string;
  /** Whether the authority of the brokers is no public one: then the credentials have its certificate. */
  readonly ownAuthority: boolean;
}

/** What the configuration of a worker is made from. All workers of a cluster read the same file. */
export interface WorkerConfiguration extends ClientLogin {
  readonly paths: WorkerPaths;
  /** `host:port` list of brokers. */
  readonly bootstrapServers: string;
  /** Group by which the workers find each other. */
  readonly group: string;
  /** Topics in which they keep what they must not forget. */
  readonly topics: { readonly configs: string; readonly offsets: string; readonly status: string };
  /** Address that the REST API listens on; may hold `${env:POD_IP}`. */
  readonly listenHost: string;
  readonly restPort: number;
  /** Names of the Secrets that the connector's options refer to. */
  readonly secrets: readonly string[];
}

const jsonConverter = "org.apache.kafka.connect.json.JsonConverter";

/** `worker.properties`, for distributed mode. */
export function workerProperties(configuration: WorkerConfiguration): string {
  const { paths, group, topics, listenHost, restPort } = configuration;
  return renderProperties({
    "bootstrap.servers": configuration.bootstrapServers,
    ...providers(configuration),
    ...clients(configuration),
    "group.id": group,
    "config.storage.topic": topics.configs,
    "offset.storage.topic": topics.offsets,
    "status.storage.topic": topics.status,
    "plugin.path": paths.plugins.join(","),
    // JSON without a schema around it, which algos can read; a connector's options may name other converters.
    "key.converter": jsonConverter,
    "key.converter.schemas.enable": false,
    "value.converter": jsonConverter,
    "value.converter.schemas.enable": false,
    listeners: `http://${listenHost}:${restPort}`,
    // Workers hand requests to each other, and pods of a Deployment have no names.
    "rest.advertised.host.name": "${env:POD_IP}",
    "rest.advertised.port": restPort,
    // Topics are the pipeline's to make, and the worker has no right to.
    "topic.creation.enable": false,
    // Waiting for a worker to come back is in vain: a pod that has gone never does, another takes its place.
    "scheduled.rebalance.max.delay.ms": 0,
    // Nobody but this program states options, and it lets none pass that would change who the connector is; the narrower
    // policy `Allowlist` is there only since Kafka 4.2.
    "connector.client.config.override.policy": "All",
  });
}

/** Path of a mounted Secret. */
export function secretFolder(paths: Pick<WorkerPaths, "secrets">, secret: string): string {
  return `${paths.secrets}/${secret}`;
}

/** A value that a worker reads from a mounted Secret when it starts the connector. */
export function secretReference(paths: Pick<WorkerPaths, "secrets">, secret: string, key: string): string {
  return `\${directory:${secretFolder(paths, secret)}:${key}}`;
}

/** Lets values be read from files of Secrets, and from the variable that tells pods apart. */
function providers({ paths, secrets }: WorkerConfiguration): Settings {
  const provider = "org.apache.kafka.common.config.provider";
  return {
    "config.providers": "directory,env",
    "config.providers.directory.class": `${provider}.DirectoryConfigProvider`,
    "config.providers.directory.param.allowed.paths": [
      paths.credentials,
      ...secrets.map((secret) => secretFolder(paths, secret)),
    ].join(","),
    "config.providers.env.class": `${provider}.EnvVarConfigProvider`,
    "config.providers.env.param.allowlist.pattern": "POD_IP",
  };
}

/** How a worker logs in for itself, and once more for each kind of client that it starts for the connector. */
function clients(configuration: WorkerConfiguration): Settings {
  return clientLogins(configuration, ["", "producer.", "consumer.", "admin."]);
}

/**
 * How clients of Kafka log in, as the workers do.
 *
 * @param prefixes of their settings
 */
export function clientLogins(
  { paths, securityProtocol, saslMechanism, ownAuthority }: ClientLogin,
  prefixes: readonly string[],
): Readonly<Record<string, string>> {
  const file = (name: string): string => `\${directory:${paths.credentials}:${name}}`;
  const login = {
    "security.protocol": securityProtocol,
    "sasl.mechanism": saslMechanism,
    "sasl.jaas.config": file("jaas-config"),
    ...(ownAuthority ? { "ssl.truststore.type": "PEM", "ssl.truststore.certificates": file("ca.crt") } : {}),
  };
  return Object.fromEntries(
    prefixes.flatMap((prefix) => Object.entries(login).map(([name, value]) => [`${prefix}${name}`, value])),
  );
}
