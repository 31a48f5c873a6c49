import { reportDuplicates } from "./check-algo";
import { checkOptions } from "./check-connector-options";
import type { DocumentSource, PathStep, ProblemReport } from "./problem";
import type { ConnectorSpec } from "../schema/connector-schema";

/**
 * Reports what is wrong with a data connector by itself, whoever uses it.
 *
 * @param at path of the spec in its document
 */
export function checkConnector(
  spec: ConnectorSpec,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): void {
  const versionsAt = [...at, "versions"];
  const tags = spec.versions.map(({ versionTag }) => versionTag);
  reportDuplicates(tags, "version", source, versionsAt, report);
  spec.versions.forEach(({ image, metricsAgent }, index) => {
    if (image.repository !== undefined) return;
    const path = [...versionsAt, index];
    if (image.tag !== undefined) {
      const message = `found ${JSON.stringify(image.tag)} without a repository, expected both, or neither for the platform's image of Kafka`;
      report.error(source, [...path, "image", "tag"], message);
    }
    if (metricsAgent !== undefined) {
      const message = "the platform's image of Kafka has no agent; name an image that has one, or remove it";
      report.error(source, [...path, "metricsAgent"], message);
    }
  });
  checkOptions(spec.options, spec.dataConnectorType, source, [...at, "options"], report);
}
