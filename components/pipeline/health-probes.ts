import type * as k8s from "@pulumi/kubernetes";
import type { ProbePlan, WorkloadPlan } from "../../pipelines/model/plan";
import type { ProbesArgs } from "../workload/pod-args";
import { httpProbe, type ProbeTimes } from "../workload/probes";

/** Name of the port on which programs of ours serve `/health` and `/metrics`. */
export const metricsPort = "metrics";

/** A restart helps less often than patience: two minutes without an answer, against half a minute for readiness. */
const patient: ProbeTimes = { periodSeconds: 20, failureThreshold: 6 };

/** Probes of a program of ours. */
export const healthProbes: ProbesArgs = {
  liveness: httpProbe(metricsPort, "/health", patient),
  readiness: httpProbe(metricsPort, "/health"),
};

/** The probes that a document states, and for those that it doesn't, others. */
export function statedProbes(
  { livenessProbe, readinessProbe }: Pick<WorkloadPlan, "livenessProbe" | "readinessProbe">,
  others: ProbesArgs,
): ProbesArgs {
  return {
    ...others,
    liveness: livenessProbe === undefined ? others.liveness : probeOf(livenessProbe),
    readiness: readinessProbe === undefined ? others.readiness : probeOf(readinessProbe),
  };
}

/**
 * Probes of a server that is not ours, by connection: what it answers to is not known. Until it listens, whatever
 * starts after it waits, up to ten minutes, since models may be large.
 */
export function connectionProbes(port: number): ProbesArgs {
  const tcpSocket = { port };
  const usual = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 };
  return {
    startup: { tcpSocket, ...usual, periodSeconds: 5, failureThreshold: 120 },
    liveness: { tcpSocket, ...usual, ...patient },
    readiness: { tcpSocket, ...usual },
  };
}

function probeOf({ exec, httpGet, tcpSocket, ...times }: ProbePlan): k8s.types.input.core.v1.Probe {
  return {
    ...times,
    exec: exec && { command: [...exec.command] },
    httpGet: httpGet && { ...httpGet, httpHeaders: httpGet.httpHeaders?.map((header) => ({ ...header })) },
    tcpSocket: tcpSocket && { ...tcpSocket },
  };
}
