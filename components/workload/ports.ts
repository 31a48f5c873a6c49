import type * as k8s from "@pulumi/kubernetes";
import type { ContainerArgs, PodArgs, PortArgs } from "./pod-args";

/**
 * Every port that the containers of a pod declare, in order.
 *
 * @throws Error for a name declared twice, and for a probe that names a port which its container has not
 */
export function podPorts(pod: PodArgs): readonly PortArgs[] {
  const containers = [...pod.containers, ...(pod.initContainers ?? [])];
  const ports = containers.flatMap((container) => container.ports ?? []);
  const names = new Set<string>();
  for (const { name } of ports) {
    if (names.has(name)) throw new Error(`port ${name} is declared twice in one pod`);
    names.add(name);
  }
  for (const container of containers) checkProbes(container);
  return ports;
}

/**
 * Some of a pod's ports.
 *
 * @param names - undefined: all of them
 * @throws Error for a name that no container declares
 */
export function selectPorts(pod: PodArgs, names: readonly string[] | undefined): readonly PortArgs[] {
  const ports = podPorts(pod);
  if (names === undefined) return ports;
  return names.map((name) => {
    const port = ports.find((candidate) => candidate.name === name);
    if (port === undefined) throw new Error(`no container declares a port ${name}`);
    return port;
  });
}

function checkProbes(container: ContainerArgs): void {
  const names = new Set((container.ports ?? []).map(({ name }) => name));
  for (const kind of ["liveness", "readiness", "startup"] as const) {
    const port = probedPort(container.probes?.[kind]);
    if (typeof port === "string" && !names.has(port)) {
      throw new Error(
        `the ${kind} probe of container ${container.name} names port ${port}, which it does not declare`,
      );
    }
  }
}

function probedPort(probe: k8s.types.input.core.v1.Probe | undefined): unknown {
  for (const action of [probe?.httpGet, probe?.tcpSocket]) {
    if (action !== undefined && "port" in action) return action.port;
  }
  return undefined;
}
