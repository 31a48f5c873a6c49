import type * as k8s from "@pulumi/kubernetes";
import { selectorLabels } from "./labels";
import { podPorts, selectPorts } from "./ports";
import type { ServiceArgs, ServingWorkloadArgs } from "./workload-args";

/** The Services that a workload asks for, or the one that its ports suggest. */
export function requestedServices(args: ServingWorkloadArgs): readonly ServiceArgs[] {
  return args.services ?? (podPorts(args).length === 0 ? [] : [{}]);
}

/** The Service's specification, with ports as the containers declare them. */
export function serviceSpec(
  name: string,
  workload: ServingWorkloadArgs,
  service: ServiceArgs,
): k8s.types.input.core.v1.ServiceSpec {
  const external = service.type === "LoadBalancer" || service.type === "NodePort";
  return {
    type: service.type ?? "ClusterIP",
    clusterIP: service.headless === true ? "None" : undefined,
    selector: selectorLabels(service.leadsTo ?? name),
    publishNotReadyAddresses: service.publishNotReadyAddresses,
    externalTrafficPolicy: external ? (service.externalTrafficPolicy ?? "Cluster") : undefined,
    loadBalancerSourceRanges: service.loadBalancerSourceRanges && [...service.loadBalancerSourceRanges],
    ports: selectPorts(workload, service.ports).map((port) => ({
      name: port.name,
      port: port.servicePort ?? port.port,
      targetPort: port.name,
      protocol: port.protocol ?? "TCP",
    })),
  };
}

/**
 * Annotations by which Pulumi does not wait for a Service, but for what a load balancer is given. Otherwise it waits until
 * the Service has endpoints, and for ten seconds more (`await/service.go` of its provider), and all that needs the component
 * with it: pods are waited for by their Deployment or StatefulSet.
 */
export function serviceAnnotations(type: ServiceArgs["type"]): Readonly<Record<string, string>> {
  return type === "LoadBalancer" ? {} : { "pulumi.com/skipAwait": "true" };
}
