import type * as k8s from "@pulumi/kubernetes";
import type { ProbePlan, WorkloadPlan } from "../../pipelines/model/plan/plan";
import type { PortArgs, ProbesArgs } from "../workload/pod-args";
import { httpProbe, tcpProbe, type ProbeTimes } from "../workload/probes";

/** Name of the port on which programs of ours serve `/health` and `/metrics`. */
export const metricsPort = "metrics";

/** A restart helps less often than patience: two minutes without an answer, against half a minute for readiness. */
const patient: ProbeTimes = { periodSeconds: 20, failureThreshold: 6 };

/**
 * Probes of a program of ours. `/health` also answers for what the program depends on, such as Kafka, whose absence
 * a restart doesn't heal: so it decides on readiness alone, and a program lives as long as it listens.
 */
export const healthProbes: ProbesArgs = {
  liveness: tcpProbe(metricsPort, patient),
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

/**
 * The ports of a container that its probes ask by number and nobody else knows of: declared, so that they can be read
 * off the pod, and open to no client, since the node's own probes need no permission.
 *
 * @param probes - probes of the container
 * @param declared - ports that the container declares already
 */
export function probedPorts(probes: ProbesArgs, declared: readonly PortArgs[]): readonly PortArgs[] {
  const asked = [probes.startup, probes.liveness, probes.readiness].flatMap(portNumbers);
  const known = new Set(declared.map(({ port }) => port));
  return [...new Set(asked)]
    .filter((port) => !known.has(port))
    .map((port) => ({ name: `probe-${port}`, port, clients: [] }));
}

function portNumbers(probe: ProbesArgs["liveness"]): number[] {
  return [probe?.httpGet, probe?.tcpSocket].flatMap((action) =>
    action !== undefined && "port" in action && typeof action.port === "number" ? [action.port] : [],
  );
}

function probeOf({ exec, httpGet, tcpSocket, ...times }: ProbePlan): k8s.types.input.core.v1.Probe {
  return {
    ...times,
    exec: exec && { command: [...exec.command] },
    httpGet: httpGet && { ...httpGet, httpHeaders: httpGet.httpHeaders?.map((header) => ({ ...header })) },
    tcpSocket: tcpSocket && { ...tcpSocket },
  };
}
