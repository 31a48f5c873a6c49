import { advisoryInDev } from "./rule/environment";
import { types } from "./rule/kubernetes-object";
import { podTemplatesOf } from "./rule/pod-templates";
import { defineRule, noSettings } from "./rule/rule";

/** Rights that one program is given are not those of its neighbours. */
export const ownServiceAccounts = defineRule({
  name: "own-service-accounts",
  severity: "medium",
  description: "Every pod runs under a service account of its own choosing, never under default.",
  rationale:
    "All pods that name no service account share one. The first right or pull secret that is given to it for one of them is given to all, and the audit log can't tell them apart.",
  remedy:
    "Make a ServiceAccount for the workload and name it in serviceAccountName; components/workload does both.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge(resource) {
    for (const { spec, isWhole } of podTemplatesOf(resource)) {
      const field = spec.at("serviceAccountName");
      if (field.isUnknown || !isWhole || (!field.isAbsent && !["", "default"].includes(field.text ?? "")))
        continue;
      const found = `the pod runs under the service account ${field.isAbsent ? '"default"' : field.shown}`;
      yield { field, found, fix: "name a service account of its own" };
    }
  },
});

/** Tokens for the API are asked for, pod by pod. */
export const tokenlessAccounts = defineRule({
  name: "tokenless-accounts",
  severity: "medium",
  description: "No service account gives tokens to pods that do not ask, and no Secret holds one for ever.",
  rationale:
    "Kubernetes mounts a token into every pod of an account unless the account says no. A token in a Secret is worse: it never expires, and whoever can read Secrets has it.",
  remedy:
    "Set automountServiceAccountToken of the ServiceAccount to false; a pod that calls the API mounts a projected serviceAccountToken, which is short-lived.",
  levels: advisoryInDev,
  settings: noSettings,
  canRepair: true,
  *judge({ type, fields }) {
    const isAccount = type === types.serviceAccount || type === `${types.serviceAccount}Patch`;
    const automount = fields.at("automountServiceAccountToken");
    const isPatch = type.endsWith("Patch");
    if (isAccount && automount.value !== false && !automount.isUnknown && !(isPatch && automount.isAbsent)) {
      yield {
        field: automount,
        found: `pods of this account get a token unless they refuse it (automountServiceAccountToken is ${automount.shown})`,
        fix: "set it to false",
        repair: false,
      };
    }
    const kind = fields.at("type");
    if (type === types.secret && kind.text === "kubernetes.io/service-account-token") {
      yield {
        field: kind,
        found: "the Secret asks for a token of a service account that never expires",
        fix: "leave the Secret out and mount a projected serviceAccountToken where it is needed",
      };
    }
  },
});
