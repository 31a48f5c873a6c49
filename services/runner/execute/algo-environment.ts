/** What the runner is told, and nobody else: who it is to Kafka and to object storage. */
const secretNames = /^(KAFKA_|AWS_|OTEL_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|ALGORUN_)/;

/** The environment of the algo's process: the runner's, without what is the runner's alone. */
export function algoEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || secretNames.test(name) ? [] : [[name, value]],
    ),
  );
}
