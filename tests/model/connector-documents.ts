import assert from "node:assert/strict";

/** A database's changes through an algo into an index. Line 1 is the apiVersion of the first connector. */
export const connectorText = `apiVersion: algo.run/v1beta1
kind: DataConnector
metadata: { name: shop-changes, labels: { system: shop } }
spec:
  dataConnectorType: Source
  name: changes
  connectorClass: io.debezium.connector.postgresql.PostgresConnector
  versions:
    - { versionTag: "3.3", image: { repository: quay.io/debezium/connect, tag: "3.3" } }
    - { versionTag: "3.2", image: { repository: quay.io/debezium/connect, tag: "3.2" } }
  options: { topic.prefix: shop, plugin.name: pgoutput }
---
apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: index
  pipelineOwner: acme
  pipelineName: index
  pipelineVersionTag: "1.0"
  algos:
    - version: "1"
      spec:
        owner: acme
        name: embed
        executor: http
        versions: [{ versionTag: "1", image: { repository: ghcr.io/acme/embed, tag: "1" } }]
        inputs: [{ name: In, isRequired: true, inputDeliveryType: Http, contentTypes: [application/json] }]
        outputs: [{ name: Out, outputDeliveryType: HttpResponse, contentType: application/json }]
  dataConnectors:
    - dataConnectorRef: { name: shop-changes }
      version: "3.3"
      egress: [{ host: shop.databases.svc, port: 5432 }]
      options: { database.password: { secretKeyRef: { name: shop, key: password } }, slot.name: algorun }
    - version: "1"
      index: 2
      tasksMax: 4
      egress: [{ host: search.acme.example, port: 9200 }]
      spec:
        dataConnectorType: Sink
        name: search
        connectorClass: com.acme.SearchSink
        versions: [{ versionTag: "1", image: { repository: ghcr.io/acme/search, tag: "1" } }]
        options: { connection.url: "https://search.acme.example:9200" }
  pipes:
    - { sourceName: "changes:3.3[1]", sourceOutputName: rows, destName: "acme/embed:1[1]", destInputName: In }
    - { sourceName: "acme/embed:1[1]", sourceOutputName: Out, destName: "search:1[2]", destInputName: documents }
`;

/** The documents with one passage replaced; the passage must be there exactly once. */
export function changedConnectors(passage: string, replacement: string): string {
  assert.equal(connectorText.split(passage).length, 2, `not exactly once: ${passage}`);
  return connectorText.replace(passage, () => replacement);
}
