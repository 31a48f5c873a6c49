import { checkConnector } from "./check-connector";
import { DocumentCatalogue } from "./document-catalogue";
import type { Documents } from "./documents";
import type { ProblemReport } from "./problem";
import type { ConnectorSpec } from "../schema/connector-schema";

/** The DataConnector documents, checked, for deployments to refer to. */
export class ConnectorCatalogue extends DocumentCatalogue<ConnectorSpec> {
  constructor({ connectors, faultyConnectors }: Documents, report: ProblemReport) {
    const kind = {
      kind: "DataConnector",
      noun: "data connector",
      field: "dataConnectorRef",
      check: checkConnector,
    };
    super(kind, connectors, faultyConnectors, report);
  }
}
