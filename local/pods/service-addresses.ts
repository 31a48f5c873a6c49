import type { ServiceObject, Workload } from "./kubernetes-objects";
import type { Replacements } from "./replacements";

/** A pod that has an address. */
export interface PlacedPod {
  readonly workload: Workload;
  readonly address: string;
}

/**
 * The addresses of Services as pods know them, `name.namespace.svc:port`, and where they really are: at the first pod that
 * the selector fits, since nobody shares out connections here.
 */
export function serviceAddresses(
  services: readonly ServiceObject[],
  pods: readonly PlacedPod[],
): Replacements {
  const entries = services.flatMap(({ metadata: { name, namespace }, spec }) => {
    const selected = Object.entries(spec.selector);
    const pod = pods.find(({ workload }) => {
      const { labels } = workload.spec.template.metadata;
      const fits = selected.every(([label, value]) => labels[label] === value);
      return workload.metadata.namespace === namespace && selected.length > 0 && fits;
    });
    if (pod === undefined) return [];
    return spec.ports.flatMap(({ port, targetPort = port }) => {
      const number = portNumber(targetPort, pod.workload);
      return number === undefined
        ? []
        : [[`${name}.${namespace}.svc:${port}`, `${pod.address}:${number}`] as const];
    });
  });
  return Object.fromEntries(entries);
}

function portNumber(port: number | string, { spec }: Workload): number | undefined {
  if (typeof port === "number") return port;
  const { containers, initContainers } = spec.template.spec;
  const ports = [...containers, ...initContainers].flatMap((container) => container.ports);
  return ports.find(({ name }) => name === port)?.containerPort;
}
