import type { z } from "zod";
import type { DeploymentLabels, ImagePlan, ProbePlan, WorkloadPlan } from "../plan/plan";
import type { PlanContext } from "../plan-context";
import { planResources, type ComponentContainer } from "./resources-planner";
import { planAutoscaling } from "./autoscaling-planner";
import type { LagReader } from "./consumer-lag";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import type { imageSchema, probeSchema } from "../schema/fields-schema";
import type { EndpointSpec } from "../schema/endpoint-schema";
import type { EventHookSpec } from "../schema/event-hook-schema";
import type { AlgoDeploymentSpec } from "../schema/pipeline-schema";

/** What every component says about its pods. */
export type WorkloadSpec = Pick<
  AlgoDeploymentSpec | EndpointSpec | EventHookSpec,
  "replicas" | "resources" | "autoscaling" | "livenessProbe" | "readinessProbe"
>;

type ScaledPlan = Pick<
  WorkloadPlan,
  "replicas" | "autoscaling" | "resources" | "resourcesBecause" | "livenessProbe" | "readinessProbe"
>;

/** The most pods that a component can have. */
export function mostReplicas({ replicas, autoscaling }: WorkloadSpec): number {
  return autoscaling?.enabled === true ? Math.max(replicas, autoscaling.maxReplicas ?? 1) : replicas;
}

/**
 * Scale, resources and probes of a component.
 *
 * @param container which of the defaults stands in for resources that the document does not state
 * @param reader what it reads, for an autoscaler that follows its lag; default nothing
 */
export function planWorkload(
  spec: WorkloadSpec,
  container: ComponentContainer,
  at: readonly PathStep[],
  { linked: { source }, facts, report }: PlanContext,
  reader?: LagReader,
): ScaledPlan {
  const autoscaling = planAutoscaling(spec, source, at, report, reader);
  const { minReplicas, maxReplicas } = autoscaling ?? { minReplicas: 1, maxReplicas: Infinity };
  return {
    replicas: Math.min(Math.max(spec.replicas, minReplicas), maxReplicas),
    autoscaling,
    ...planResources(spec.resources, { container, facts, source, at: [...at, "resources"], report }),
    livenessProbe:
      spec.livenessProbe && planProbe(spec.livenessProbe, source, [...at, "livenessProbe"], report),
    readinessProbe:
      spec.readinessProbe && planProbe(spec.readinessProbe, source, [...at, "readinessProbe"], report),
  };
}

/** Labels of a component: the deployment's, what kind it is, and its name. */
export function componentLabels(
  deployment: DeploymentLabels,
  kind: "endpoint" | "algo" | "dataconnector" | "hook",
  name: string,
): Readonly<Record<string, string>> {
  return { ...deployment, "app.kubernetes.io/component": kind, "app.kubernetes.io/name": name };
}

/** A full image reference; one that is not pinned to a version is a warning. */
export function planImage(
  image: z.output<typeof imageSchema>,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): ImagePlan | undefined {
  const { repository, tag, imagePullPolicy } = image;
  if (repository === undefined) {
    report.error(source, [...at, "repository"], "is missing, expected an image repository");
    return undefined;
  }
  const [name = repository, digest] = repository.split("@");
  if (digest === undefined && (tag === undefined || tag === "latest")) {
    const message = `the image ${repository}:latest is not pinned, so that its pods may differ; give it the tag of a version`;
    report.warning(source, tag === undefined ? at : [...at, "tag"], message);
  }
  // Beside a digest, a tag is for people: nodes take the digest.
  const shownTag = digest === undefined ? (tag ?? "latest") : tag;
  return {
    reference: [name, shownTag && `:${shownTag}`, digest && `@${digest}`].filter(Boolean).join(""),
    pullPolicy: imagePullPolicy,
  };
}

function planProbe(
  probe: z.output<typeof probeSchema>,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): ProbePlan {
  const { exec, httpGet, tcpSocket, ...timing } = probe;
  const actions = Object.entries({ exec, httpGet, tcpSocket }).flatMap(([name, action]) =>
    action ? [name] : [],
  );
  if (actions.length !== 1) {
    const found = actions.length === 0 ? "none" : actions.join(" and ");
    report.error(source, at, `found ${found}, expected one of exec, httpGet and tcpSocket`);
  }
  if (at.at(-1) === "livenessProbe" && (timing.successThreshold ?? 1) !== 1) {
    report.error(
      source,
      [...at, "successThreshold"],
      `found ${timing.successThreshold ?? 1}, expected 1 for a livenessProbe`,
    );
  }
  const portOf = (action: string, port: ProbePort): number | string =>
    planPort(port, source, [...at, action, "port"], report);
  return {
    exec,
    httpGet: httpGet && { ...httpGet, port: portOf("httpGet", httpGet.port) },
    tcpSocket: tcpSocket && { ...tcpSocket, port: portOf("tcpSocket", tcpSocket.port) },
    ...timing,
  };
}

type ProbePort = NonNullable<z.output<typeof probeSchema>["tcpSocket"]>["port"];

function planPort(
  port: ProbePort,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): number | string {
  if (typeof port !== "object") return port;
  const named = port.isString === true ? port.stringValue : undefined;
  const chosen = port.isInt32 === true ? port.int32Value : named;
  if (chosen !== undefined && port.isInt32 !== port.isString) return chosen;
  const message =
    "expected isInt32: true with int32Value, or isString: true with stringValue; or simply a port";
  report.error(source, at, message);
  return 0;
}
