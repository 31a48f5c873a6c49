import type * as k8s from "@pulumi/kubernetes";
import { podsOf } from "../../workload/network-policy";

/** Name of the controllers' objects. */
export function controllerName({ name }: { readonly name: string }): string {
  return `${name}-controller`;
}

/** Name of the brokers' objects. */
export function brokerName({ name }: { readonly name: string }): string {
  return `${name}-broker`;
}

/** Nodes of a cluster as peers of each other: they are all in one namespace. */
export function nodePeers(
  { name }: { readonly name: string },
  which: "controllers" | "brokers" | "all",
): k8s.types.input.networking.v1.NetworkPolicyPeer[] {
  return [
    ...(which === "brokers" ? [] : [podsOf(controllerName({ name }))]),
    ...(which === "controllers" ? [] : [podsOf(brokerName({ name }))]),
  ];
}
