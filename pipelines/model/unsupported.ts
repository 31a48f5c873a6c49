import type { DocumentSource, PathStep, ProblemReport } from "./problem";
import type { DeploymentSpec } from "./schema-pipeline";

/** Reports by name whatever a deployment asks for that this release does not do. */
export function reportUnsupported(spec: DeploymentSpec, source: DocumentSource, report: ProblemReport): void {
  const refuse = (path: readonly PathStep[], message: string): void => {
    report.error(source, ["spec", ...path], message);
  };
  spec.dataConnectors.forEach((_, index) => {
    refuse(
      ["dataConnectors", index],
      "data connectors are not supported by this release: remove the connector, and move data in and out of the topics with a connector of your own",
    );
  });
}
