import type { PipelinePlan, RoutePlan } from "../model/plan/plan";
import { rolloutInWords } from "./rollout-in-words";
import { settingsInWords } from "./settings";
import type { Table } from "./table";

/** How messages come in from outside. */
export function routesTable({ routes, components }: PipelinePlan): Table {
  const streams = components.flatMap((component) =>
    component.kind === "endpoint"
      ? component.paths.flatMap(({ name, stream }) =>
          stream === undefined
            ? []
            : [
                [
                  "RTMP",
                  stream,
                  component.name,
                  "",
                  `the path ${name} has endpointType RTMP: its endpoint pulls the stream`,
                ],
              ],
        )
      : [],
  );
  return {
    title: "Ways in",
    columns: ["way", "match", "to", "treated", "because"],
    rows: [...routes.map(routeRow), ...streams],
  };
}

function routeRow(route: RoutePlan): readonly string[] {
  const { name, hostname, prefix, headers, rewrite, target, traffic } = route;
  const host = hostname === undefined ? [] : [`host ${hostname}`];
  const shared = rolloutInWords(route);
  const service =
    target.namespace === undefined ? target.component : `${target.component}.${target.namespace}`;
  return [
    name,
    [...host, prefix, ...Object.entries(headers).map(([header, value]) => `${header}: ${value}`)].join("\n"),
    `${service}:${target.port}${rewrite === "" ? "" : ` as ${rewrite}`}`,
    settingsInWords(traffic).join("\n"),
    shared === undefined ? reasonOf(route) : `rollout: ${shared}`,
  ];
}

function reasonOf({ protocol, hostname }: RoutePlan): string {
  if (protocol === "http")
    return "a path has endpointType HTTP; the prefix is made of owner and name, or stated";
  const apart =
    hostname === undefined ? "a header tells deployments apart" : "the host name tells deployments apart";
  return `a path has endpointType gRPC; its service has no package: ${apart}`;
}

/** Limits of the deployment's own. */
export function rateLimitsTable({ rateLimits }: PipelinePlan): Table {
  return {
    title: "Rate limits of its own",
    columns: ["of callers that share", "requests", "in a"],
    rows: rateLimits.map(({ by, requests, unit }) => [
      by.kind === "remoteAddress" ? "the remote address" : `the header ${by.name}`,
      String(requests),
      unit,
    ]),
  };
}
