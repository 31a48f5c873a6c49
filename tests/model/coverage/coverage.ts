import { algoSpecFields } from "./algo-fields";
import type { Kind } from "./base-documents";
import { connectorEntryFields, connectorSpecFields } from "./connector-fields";
import { field, under, type CoveredField, type PartField } from "./covered-field";
import { deploymentFields } from "./deployment-fields";

const status: readonly PartField[] = [
  ...["deploymentName", "deploymentOwner", "status"],
  ...[
    "available",
    "componentType",
    "createdTimestamp",
    "current",
    "deploymentName",
    "desired",
    "index",
    "name",
    "ready",
    "status",
    "upToDate",
    "version",
  ].map((name) => `componentStatuses[].${name}`),
  ...[
    "componentType",
    "containerStatuses[].messages[]",
    "containerStatuses[].name",
    "containerStatuses[].status",
    "createdTimestamp",
    "index",
    "ip",
    "name",
    "node",
    "podName",
    "restarts",
    "status",
    "version",
  ].map((name) => `podStatuses[].${name}`),
].map((path) =>
  field("no meaning", path, "written by the original's operator", { at: "", after: { status: "Running" } }),
);

/** What every document begins with. */
function head(metadata: PartField): readonly PartField[] {
  return [
    field("checked", "apiVersion", "algo.run/v1beta1", { at: "apiVersion", after: "algo.run/v2" }),
    field("checked", "kind", "which kind of document it is", { at: "kind", after: "Robot" }),
    metadata,
  ];
}

/** Every field of the original's definitions, by kind. */
export const coverage: Readonly<Record<Kind, readonly CoveredField[]>> = {
  PipelineDeployment: [
    ...head(
      field("no meaning", "metadata", "the identity is deploymentOwner and deploymentName", {
        at: "metadata",
        after: { name: "any", labels: { any: "label" } },
      }),
    ),
    ...under("spec", deploymentFields),
    ...under("spec", connectorEntryFields),
    ...under("status", status),
  ],
  Algo: [
    ...head(
      field("checked", "metadata", "name and labels that algoRef means", {
        at: "metadata",
        after: { name: "other" },
        saidAt: "spec.algos",
      }),
    ),
    ...under("spec", algoSpecFields("served")),
  ],
  DataConnector: [
    ...head(
      field("checked", "metadata", "name and labels that dataConnectorRef means", {
        at: "metadata",
        after: { name: "other" },
        saidAt: "spec.dataConnectors",
      }),
    ),
    ...under("spec", connectorSpecFields),
  ],
};
