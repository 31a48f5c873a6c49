import type * as k8s from "@pulumi/kubernetes";

type Probe = k8s.types.input.core.v1.Probe;

/** Times of a probe, as Kubernetes names them. */
export type ProbeTimes = Pick<
  Probe,
  "initialDelaySeconds" | "periodSeconds" | "timeoutSeconds" | "failureThreshold" | "successThreshold"
>;

/** A GET that must answer below 400. */
export function httpProbe(port: string, path: string, times: ProbeTimes = {}): Probe {
  return { httpGet: { port, path }, ...withDefaults(times) };
}

/** A connection that must be accepted. */
export function tcpProbe(port: string, times: ProbeTimes = {}): Probe {
  return { tcpSocket: { port }, ...withDefaults(times) };
}

/** A command that must end with 0. */
export function execProbe(command: readonly string[], times: ProbeTimes = {}): Probe {
  return { exec: { command: [...command] }, ...withDefaults(times) };
}

/** Kubernetes' own defaults but for the time-out: one second is less than a busy node may need. */
function withDefaults(times: ProbeTimes): ProbeTimes {
  return { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3, ...times };
}
