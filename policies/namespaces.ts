import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import { types } from "./rule/kubernetes-object";
import { defineRule } from "./rule/rule";

const label = "pod-security.kubernetes.io/enforce";
const strictness = ["privileged", "baseline", "restricted"] as const;

/** The cluster itself refuses what the pack can't see. */
export const hardenedNamespaces = defineRule({
  name: "hardened-namespaces",
  severity: "high",
  description: "Every namespace has the API server enforce a Pod Security Standard, as of a stated version.",
  rationale:
    "This pack sees what Pulumi makes. Pods that somebody starts by hand, or that a controller makes, meet only the cluster's admission, and that does nothing for a namespace without the label. Without a version, an upgrade of the cluster changes the rules.",
  remedy:
    "Label the namespace pod-security.kubernetes.io/enforce: restricted, and …/enforce-version with a version; GuardedNamespace in components/workload does it.",
  levels: advisoryInDev,
  settings: z.strictObject({
    minimumStandard: z
      .enum(strictness)
      .default("restricted")
      .meta({ description: "The loosest standard that a namespace may enforce" }),
  }),
  type: types.namespace,
  *judge({ fields }, { settings }) {
    const labels = fields.at("metadata", "labels");
    const enforced = labels.at(label);
    const rank = strictness.findIndex((name) => name === enforced.text);
    if (!enforced.isUnknown && rank < strictness.indexOf(settings.minimumStandard)) {
      yield {
        field: enforced,
        found: `the namespace enforces ${enforced.shown} as Pod Security Standard`,
        fix: `set the label ${label} to ${settings.minimumStandard}`,
      };
    }
    const version = labels.at(`${label}-version`);
    if (enforced.isUnknown || version.isUnknown || /^v1\.\d+$/.test(version.text ?? "")) return;
    yield {
      field: version,
      found: `the version of the standard is ${version.shown}, so that an upgrade of the cluster changes it`,
      fix: `set the label ${label}-version to a version such as v1.34`,
    };
  },
});
