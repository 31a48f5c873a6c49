import { z } from "zod";
import { findContainerPrivileges } from "./pod-security-containers";
import { findHostAccess } from "./pod-security-host";
import { advisoryInDev } from "./rule/environment";
import { podTemplatesOf } from "./rule/pod-templates";
import { defineRule } from "./rule/rule";

const settings = z.strictObject({
  minimumUserId: z.int().min(1).default(1).meta({
    description: "Lowest runAsUser; 1 only forbids root, 10000 also keeps clear of users of the node",
  }),
});

/**
 * Pods hold to the Pod Security Standard `restricted` as of Kubernetes 1.34, read-only root file systems
 * and no API credentials on top. Written for Linux pods: the exemptions of Windows pods, and those that
 * user namespaces bring, are not granted.
 */
export const restrictedPods = defineRule({
  name: "restricted-pods",
  severity: "high",
  description:
    "Every pod keeps to the Pod Security Standard restricted, with a read-only root file system and without an API token.",
  rationale:
    "Algos are programs of other people. Whoever breaks out of one should find no root user, no capability, no host file, no credentials and nothing to overwrite. The cluster's admission checks most of this too, but only pod by pod: the Deployment is accepted, and then has no pods.",
  remedy:
    "Build pods with components/workload, which sets all of it. A program that must write gets an emptyDir where it writes; one that calls the Kubernetes API mounts a projected serviceAccountToken volume.",
  levels: advisoryInDev,
  settings,
  canRepair: true,
  *judge(resource, context) {
    for (const pod of podTemplatesOf(resource)) {
      yield* findHostAccess(pod);
      yield* findContainerPrivileges(pod, context.settings.minimumUserId);
    }
  },
});
