import type { PodObjects } from "../local/pods/kubernetes-objects";
import type { HookConfig } from "../services/hook-runner/hook-config";
import { hookConfigFile, hookConfigKey } from "./pipeline-config";

/** Leads the webhooks of a hook to a receiver of this machine, whatever hosts their document names. */
export function withLocalWebhooks(
  objects: PodObjects,
  namespace: string,
  hook: HookConfig,
  receiver: string,
): PodObjects {
  const webhooks = hook.webhooks.map((webhook) => ({
    ...webhook,
    url: `${receiver}/${encodeURIComponent(webhook.name)}`,
  }));
  const key = hookConfigKey(namespace);
  const before: unknown = JSON.parse(objects.secrets[key]?.[hookConfigFile] ?? "{}");
  const text = JSON.stringify({ ...(typeof before === "object" ? before : {}), webhooks });
  return {
    ...objects,
    secrets: { ...objects.secrets, [key]: { ...objects.secrets[key], [hookConfigFile]: text } },
  };
}
