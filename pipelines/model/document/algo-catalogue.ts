import { checkAlgo } from "./check-algo";
import { DocumentCatalogue } from "./document-catalogue";
import type { Documents } from "./documents";
import type { ProblemReport } from "./problem";
import type { AlgoSpec } from "../schema/algo-schema";

/** The Algo documents, checked, for deployments to refer to. */
export class AlgoCatalogue extends DocumentCatalogue<AlgoSpec> {
  constructor({ algos, faultyAlgos }: Documents, report: ProblemReport) {
    super({ kind: "Algo", noun: "algo", field: "algoRef", check: checkAlgo }, algos, faultyAlgos, report);
  }
}
