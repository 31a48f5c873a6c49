import { field, honoured, under, type PartField } from "./covered-field";
import { topicFields } from "./topic-fields";
import { workloadFields } from "./workload-fields";

/** What a data connector is. */
export const connectorSpecFields: readonly PartField[] = [
  honoured("connectorClass", "Java class of the connector", "com.acme.Other"),
  field("checked", "dataConnectorType", "Source or Sink; pipes must lead the same way", {
    at: "dataConnectorType",
    after: "Sink",
    saidAt: "spec.dataConnectors",
  }),
  honoured("name", "name of the connector; names, labels and topics", "other"),
  field("honoured", "options.{}", "settings of the connector", { at: "options", after: { table: "a" } }),
  honoured("versions[].image.imagePullPolicy", "when the image is pulled", "Always"),
  honoured("versions[].image.repository", "image without its tag", "ghcr.io/acme/other"),
  honoured("versions[].image.tag", "tag of the image", "1.0.1"),
  field("checked", "versions[].versionTag", "version that a deployment asks for", {
    at: "versions[].versionTag",
    after: "1.0.1",
    saidAt: "spec.dataConnectors",
  }),
];

/** A source's outputs are those that its topics and pipes name. */
const connectorTopicFields = topicFields("rows").map((part) =>
  part.path === "outputName"
    ? field("honoured", part.path, "output that the topic carries", { ...part.change })
    : part,
);

/** The data connectors of a deployment. */
export const connectorEntryFields: readonly PartField[] = [
  ...under("dataConnectors[]", [
    ...workloadFields,
    ...under("topics[]", connectorTopicFields),
    field("honoured", "options.{}", "settings of the connector", { at: "options", after: { table: "a" } }),
    honoured("tasksMax", "most tasks that share the work", 3),
  ]),
  ...under(
    "dataConnectors[]",
    [
      field("checked", "dataConnectorRef.name", "DataConnector document that is meant", {
        at: "dataConnectorRef",
        after: { name: "none" },
      }),
      honoured("version", "version of the connector", "2.0.0"),
      honoured("index", "tells apart the same connector used several times; names and topics", 9),
    ],
    "dataConnectors[1]",
  ),
  field(
    "checked",
    "dataConnectors[].dataConnectorRef.matchLabels.{}",
    "labels of the DataConnector document that is meant",
    { at: "dataConnectors[2].dataConnectorRef", after: { matchLabels: { tier: "none" } } },
  ),
  ...under("dataConnectors[].spec", connectorSpecFields, "dataConnectors[3].spec"),
];
