import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * The name or address that the world reaches a Service at: the stated host name; or what the load balancer was given;
 * or, where there is none, the name inside the cluster.
 *
 * @param service - a Service of any type
 * @param hostname - host name of the edge; one with `*` stands for many, of which none is known to be there
 * @param internal - name of the Service inside the cluster
 */
export function publicHost(
  service: k8s.core.v1.Service | undefined,
  hostname: string,
  internal: pulumi.Output<string>,
): pulumi.Output<string> {
  if (!hostname.includes("*")) return pulumi.output(hostname);
  if (service === undefined) return internal;
  return pulumi.all([service.status, internal]).apply(([status, name]) => balancerAddress(status) ?? name);
}

/** What a load balancer was given; all of it may be missing, whatever the types of the SDK say. */
interface BalancerStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[];
  };
}

function balancerAddress(status: BalancerStatus | undefined): string | undefined {
  const given = status?.loadBalancer?.ingress?.[0];
  return given?.hostname ?? given?.ip;
}
