import { field, type PartField } from "./covered-field";
import { topicFields } from "./topic-fields";
import { workloadFields } from "./workload-fields";

/** Why data connectors are refused. */
export const unsupported = "data connectors are not supported by this release";

const specPaths = [
  "connectorClass",
  "dataConnectorType",
  "name",
  "options.{}",
  "versions[].image.imagePullPolicy",
  "versions[].image.repository",
  "versions[].image.tag",
  "versions[].versionTag",
];

const entryPaths = [
  ...workloadFields.map(({ path }) => path),
  ...topicFields("texts").map(({ path }) => `topics[].${path}`),
  ...specPaths.map((path) => `spec.${path}`),
  "dataConnectorRef.matchLabels.{}",
  "dataConnectorRef.name",
  "index",
  "options.{}",
  "tasksMax",
  "version",
];

/** The data connectors of a deployment. */
export const connectorEntryFields: readonly PartField[] = entryPaths.map((path) =>
  field("refused", `dataConnectors[].${path}`, unsupported, {
    at: "dataConnectors",
    after: [{ version: "1.0.0" }],
  }),
);

/** What a data connector is. */
export const connectorSpecFields: readonly PartField[] = specPaths.map((path) =>
  field("refused", path, unsupported, { at: "", after: { versions: [] }, saidAt: "kind" }),
);
