import type { PlanContext } from "../plan-context";
import type { PathStep } from "../document/problem";
import type { EventHookSpec } from "../schema/event-hook-schema";
import { sortedByKey } from "../values/text";

type WebhookSpec = EventHookSpec["webHooks"][number];

/** Headers that the hook itself writes: of the connection, and of a signature (Standard Webhooks). */
const ownHeaders = /^(host|connection|content-length|transfer-encoding|webhook-(id|timestamp|signature))$/i;
/** Headers whose values are secrets, as a rule. */
const secretHeader = /authorization|cookie|token|secret|password|api-?key/i;

/** The headers of a webhook that stand in its document; those from Secrets are checked against them. */
export function planHeaders(
  { httpHeaders = "", secretHeaders = {} }: WebhookSpec,
  path: readonly PathStep[],
  { linked: { source }, report }: PlanContext,
): Readonly<Record<string, string>> {
  const stated: [name: string, value: string][] = [];
  const seen = new Set<string>();
  const check = (name: string, headerAt: readonly PathStep[]): void => {
    if (ownHeaders.test(name))
      report.error(source, headerAt, `${name} is a header that the hook writes itself; remove it`);
    else if (seen.has(name.toLowerCase()))
      report.error(source, headerAt, `a second header ${name}, expected each header once`);
    seen.add(name.toLowerCase());
  };
  for (const line of httpHeaders.split("\n").filter((candidate) => candidate.trim() !== "")) {
    const headerAt = [...path, "httpHeaders"];
    const [, name, value] = /^\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+):\s*(.*\S)\s*$/.exec(line) ?? [];
    // The line itself may be a secret: it is not shown.
    if (name === undefined || value === undefined) {
      const message = "found a line that is no header, expected one 'Name: value' for each line";
      report.error(source, headerAt, message);
      continue;
    }
    check(name, headerAt);
    if (secretHeader.test(name)) {
      const message = `the value of ${name} stands in the document for all to read; take it from a Secret with secretHeaders`;
      report.warning(source, headerAt, message);
    }
    stated.push([name, value]);
  }
  for (const name of Object.keys(secretHeaders)) check(name, [...path, "secretHeaders", name]);
  return sortedByKey(Object.fromEntries(stated));
}
