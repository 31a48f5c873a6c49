import type { PlatformFacts } from "../platform-facts";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import { distinct } from "../values/text";

/** Warns of brokers in a document that are not the platform's: those are used, whatever a document says. */
export function checkBrokers(
  stated: readonly string[],
  { kafka }: PlatformFacts,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): void {
  const list = (brokers: string): string =>
    distinct(brokers.split(",").map((broker) => broker.trim())).join(",");
  const own = kafka.bootstrapServers;
  if (own !== undefined && list(stated.join(",")) === list(own)) return;
  const actual = own === undefined ? "" : ` (${own})`;
  const message = `${JSON.stringify(stated.join(","))} is not used, since the platform's brokers${actual} are; remove it`;
  report.warning(source, at, message);
}
