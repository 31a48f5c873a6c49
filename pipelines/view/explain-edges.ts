import type { EndpointPathPlan, EndpointPlan, PipelinePlan, WebhookPlan } from "../model/plan/plan";
import { hostOf } from "./pipeline-graph";
import type { Table } from "./table";

/** What may come in by each path, and how much of it. */
export function pathsTable({ components }: PipelinePlan): Table {
  return {
    title: "Paths",
    columns: ["path", "type", "at most", "who", "topic"],
    rows: components.flatMap((component) =>
      component.kind === "endpoint"
        ? component.paths.map((path) => [
            path.name,
            path.protocol,
            limitOf(path),
            path.stream === undefined ? callersOf(component) : "who has its stream key",
            path.topic,
          ])
        : [],
    ),
  };
}

function limitOf({ maxBodyBytes, maxStreamSeconds }: EndpointPathPlan): string {
  if (maxBodyBytes !== undefined) return `${maxBodyBytes} bytes`;
  return maxStreamSeconds === undefined ? "" : `${maxStreamSeconds} s at a stretch`;
}

function callersOf({ authentication }: EndpointPlan): string {
  if (authentication === undefined) return "everybody who reaches the edge";
  if (authentication.kind === "jwt") return `who has a token of ${authentication.issuer}`;
  const { callers, secretName } = authentication;
  return secretName === undefined ? `${callers.join(", ")}, by key` : `by key, from the Secret ${secretName}`;
}

/** Where messages go out. */
export function webhooksTable({ components }: PipelinePlan): Table {
  return {
    title: "Webhooks",
    columns: ["name", "host", "verb", "input", "headers", "signed", "topics"],
    rows: components.flatMap((component) =>
      component.kind === "eventHook" ? component.webhooks.map(webhookRow) : [],
    ),
  };
}

function webhookRow(webhook: WebhookPlan): readonly string[] {
  const { name, url, verb, input, headers, secretHeaders, signature, topics } = webhook;
  // Names alone: values may be secret.
  const all = [
    ...Object.keys(headers),
    ...Object.keys(secretHeaders).map((header) => `${header} (from a Secret)`),
  ];
  const signed = signature?.isGenerated === true ? "with a secret that is made" : "with a Secret's";
  return [
    name,
    hostOf(url),
    verb,
    input,
    all.join("\n"),
    signature === undefined ? "no" : signed,
    topics.join("\n"),
  ];
}
