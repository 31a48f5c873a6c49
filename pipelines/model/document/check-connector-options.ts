import type { DocumentSource, PathStep, ProblemReport } from "./problem";
import type { ConnectorOptionSpec, ConnectorSpec } from "../schema/connector-schema";

type ConnectorType = ConnectorSpec["dataConnectorType"];

/** Options that follow from the rest of the document, and what to do instead. */
const ownOptions: Readonly<Record<string, string>> = {
  name: "the connector is named after its deployment; remove it",
  "connector.class": "state it as connectorClass of the connector",
  "tasks.max": "state it as tasksMax of the deployment's connector",
  "config.providers": "state a secret as { secretKeyRef: { name, key } }",
};

/** Options of sinks alone that follow from the pipes. */
const ownSinkOptions: Readonly<Record<string, string>> = {
  "topics.regex": "a sink reads the topics that are piped into it; add pipes",
  "errors.deadletterqueue.topic.name": "add a pipe from the sink's output dead-letters",
};

/** Settings of a connector's Kafka clients that say who it is there, which is not the document's business. */
const identityOverride =
  /^(?:producer|consumer|admin)\.override\.(?:bootstrap\.|security\.|sasl\.|ssl\.|group\.|transactional\.)/;

/** The same of the clients by which a connector keeps its history of schemas. */
const historyOverride =
  /^schema\.history\.internal\.(?:kafka\.bootstrap\.servers$|(?:consumer|producer)\.(?:bootstrap\.|security\.|sasl\.|ssl\.|group\.|transactional\.))/;

/** Names that end so hold a secret. */
const secretName =
  /(?:password|passwd|passphrase|pwd|secret|token|credentials|(?:api|access|secret|private|signing|encryption|account)key)$/;

/** Texts that hold a secret whatever they are the value of: an address with a password, a login, a private key. */
const secretText =
  /:\/\/[^\s/:@"']*:(?!\$\{)[^\s/@"']+@|LoginModule\b[^;]*\bpassword\s*=|[?&;](?:password|pwd)=(?!\$\{)[^&;]|-----BEGIN [A-Z ]*PRIVATE KEY/i;

/** Reports options that the document must not state so, wherever the other options stand. */
export function checkOptions(
  options: Readonly<Record<string, ConnectorOptionSpec>>,
  type: ConnectorType,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): void {
  for (const [name, value] of Object.entries(options)) {
    const fault = ownershipFault(name, type) ?? valueFault(name, value);
    if (fault !== undefined) report.error(source, [...at, name], fault);
  }
}

function ownershipFault(name: string, type: ConnectorType): string | undefined {
  const advice = ownOptions[name] ?? (type === "Sink" ? ownSinkOptions[name] : undefined);
  if (advice !== undefined) return `is not for the options to say: ${advice}`;
  if (!identityOverride.test(name) && !historyOverride.test(name)) return undefined;
  return "is not for the options to say: each connector has a Kafka user and groups of its own; remove it";
}

function valueFault(name: string, value: ConnectorOptionSpec): string | undefined {
  if (typeof value === "object" && name === "schema.history.internal.kafka.topic") {
    return "found a secret, expected the name of a topic";
  }
  if (typeof value !== "string") return undefined;
  if (/\$\{directory:/.test(value)) {
    return "found a reference to a file of the worker, expected { secretKeyRef: { name, key } }";
  }
  const words = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  // The value itself is not shown.
  if (!["", "true", "false"].includes(value) && (secretName.test(words) || secretText.test(value))) {
    return "found a secret in plain text, expected { secretKeyRef: { name, key } }, since Kafka and ConfigMaps hold options for many to read";
  }
  return undefined;
}
