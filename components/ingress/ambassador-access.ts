import type * as k8s from "@pulumi/kubernetes";
import { ambassadorGroup } from "./ambassador-kinds";

/** What Ambassador may do in the cluster, as rules of a ClusterRole: read what routes are made of, report on them. */
export const ambassadorRules: readonly k8s.types.input.rbac.v1.PolicyRule[] = [
  {
    // All Secrets, and only for reading: it takes certificates from any namespace, and waits for the whole list
    // before it routes anything.
    apiGroups: [""],
    resources: ["namespaces", "services", "endpoints", "configmaps", "secrets"],
    verbs: ["get", "list", "watch"],
  },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
  {
    apiGroups: ["networking.k8s.io"],
    resources: ["ingresses", "ingressclasses"],
    verbs: ["get", "list", "watch"],
  },
  { apiGroups: [ambassadorGroup], resources: ["*"], verbs: ["get", "list", "watch"] },
  { apiGroups: [ambassadorGroup], resources: ["*/status"], verbs: ["patch", "update"] },
  {
    apiGroups: ["apiextensions.k8s.io"],
    resources: ["customresourcedefinitions"],
    verbs: ["get", "list", "watch"],
  },
];
