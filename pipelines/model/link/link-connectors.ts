import type { ConnectorCatalogue } from "../document/connector-catalogue";
import { componentName } from "../values/names";
import { knownNames } from "../document/nearest-name";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import type { ConnectorDeploymentSpec, ConnectorSpec } from "../schema/connector-schema";

/** A data connector of a deployment, and the connector that it refers to. */
export interface LinkedConnector {
  /** `name:version[index]`, as pipes name it. */
  readonly reference: string;
  /** Kubernetes name of the component; without the version, since a newer one carries on where the older stopped. */
  readonly name: string;
  readonly spec: ConnectorDeploymentSpec;
  /** Where `spec` stands in the deployment's document. */
  readonly at: readonly PathStep[];
  readonly connector: ConnectorSpec;
  readonly version: ConnectorSpec["versions"][number];
  /** Document that holds the connector: a DataConnector document, or the deployment's own. */
  readonly connectorSource: DocumentSource;
  /** Where `version` stands in that document. */
  readonly versionAt: readonly PathStep[];
}

/** Resolves one data connector of a deployment; what can't be resolved is reported. */
export function linkConnector(
  entry: ConnectorDeploymentSpec,
  source: DocumentSource,
  at: readonly PathStep[],
  catalogue: ConnectorCatalogue,
  report: ProblemReport,
): LinkedConnector | undefined {
  const found = catalogue.find({ ref: entry.dataConnectorRef, spec: entry.spec }, source, at, report);
  if (found === undefined) return undefined;
  const { name, versions } = found.spec;
  const index = versions.findIndex(({ versionTag }) => versionTag === entry.version);
  const version = versions[index];
  if (version === undefined) {
    const tags = versions.map(({ versionTag }) => versionTag);
    const message = `unknown version ${JSON.stringify(entry.version)} of ${name}, expected ${knownNames(entry.version, tags)}`;
    report.error(source, [...at, "version"], message);
    return undefined;
  }
  return {
    reference: `${name}:${entry.version}[${entry.index}]`,
    name: componentName(`${name}-${entry.index}`),
    spec: entry,
    at,
    connector: found.spec,
    version,
    connectorSource: found.source,
    versionAt: [...found.at, "versions", index],
  };
}
