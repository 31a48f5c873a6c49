import { eventHookName } from "../link/link-pipes";
import { hostAndPort } from "../workloads/outside-address";
import type { EgressPlan, EventHookPlan, JsonObject, WebhookPlan } from "../plan/plan";
import { configHeader, lagReader, planIdentity, type PlanContext } from "../plan-context";
import type { PathStep } from "../document/problem";
import type { EventHookSpec } from "../schema/event-hook-schema";
import { distinct, sortedByKey } from "../values/text";
import { componentLabels, planImage, planWorkload } from "../workloads/workload-planner";
import { planSecretMounts, planWebhooks, signingFolder } from "./webhook-planner";

/** Port on which AlgoRun's hook runner serves /health and /metrics. */
const hookPort = 10080;

const at: readonly PathStep[] = ["spec", "eventHook"];

/** The event hook of a deployment; undefined, with a warning, when no pipe leads to it. */
export function planEventHook(hook: EventHookSpec, context: PlanContext): EventHookPlan | undefined {
  const { linked, report } = context;
  const { source } = linked;
  const inputs = distinct(
    linked.pipes.flatMap(({ to }) => (to.component === eventHookName ? [to.input] : [])),
  );
  const webhooks = planWebhooks(hook, inputs, context);
  if (inputs.length === 0) {
    report.warning(source, at, "no pipe leads to the EventHook: it is not deployed");
    return undefined;
  }
  for (const input of inputs.filter((name) => webhooks.every((webhook) => webhook.input !== name))) {
    const message = `no webhook listens to the input ${input}: its messages are read and go nowhere`;
    report.warning(source, [...at, "webHooks"], message);
  }
  const identity = planIdentity(context, eventHookName);
  return {
    kind: "eventHook",
    name: eventHookName,
    labels: componentLabels(context.labels, "hook", eventHookName),
    identity,
    ...planWorkload(hook, "eventHook", at, context, lagReader(context, eventHookName, identity)),
    image: hook.image && planImage(hook.image, source, [...at, "image"], report),
    metricsPort: hookPort,
    network: {
      ingress: [{ from: "observability", port: hookPort }],
      egress: [{ to: "kafka" }, ...webhookEgress(webhooks)],
    },
    webhooks,
    secretMounts: planSecretMounts(hook),
    signingFolder: webhooks.some(({ signature }) => signature?.isGenerated === true)
      ? signingFolder
      : undefined,
    config: hookConfig(webhooks, context, inputs),
  };
}

function webhookEgress(webhooks: readonly WebhookPlan[]): readonly EgressPlan[] {
  const targets = webhooks.map(({ url }): readonly [string, EgressPlan] => {
    const { host, port } = hostAndPort(url);
    return [`${host}:${port}`, { to: "webhook", host, port }];
  });
  return Object.values(sortedByKey(Object.fromEntries(targets)));
}

function hookConfig(
  webhooks: readonly WebhookPlan[],
  context: PlanContext,
  inputs: readonly string[],
): JsonObject {
  const deadLetterTopic = context.topics.deadLettersOf(eventHookName);
  return {
    ...configHeader(context),
    ...(deadLetterTopic !== undefined && { deadLetterTopic }),
    consumerGroup: `algorun.${context.linked.data.id}.${eventHookName}`,
    inputs: inputs.map((name) => ({ name, topics: context.topics.into(eventHookName, name) })),
    webhooks: webhooks.map(webhookConfig),
  };
}

/** Where a secret comes from is not the hook's business: it reads files. */
function webhookConfig({ signature, ...webhook }: WebhookPlan): JsonObject {
  if (signature === undefined) return { ...webhook };
  return { ...webhook, signature: { scheme: signature.scheme, file: signature.file } };
}
