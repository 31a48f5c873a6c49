import { eventHookName } from "./link-pipes";
import { knownNames } from "./nearest-name";
import type { EgressPlan, EventHookPlan, JsonObject, WebhookPlan } from "./plan";
import { configHeader, lagReader, planIdentity, type PlanContext } from "./plan-context";
import type { PathStep } from "./problem";
import type { EventHookSpec } from "./schema-event-hook";
import { compareText, distinct, sortedByKey } from "./text";
import { componentLabels, planImage, planWorkload } from "./workload-planner";

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
    ...planWorkload(hook, source, at, report, lagReader(context, eventHookName, identity)),
    image: hook.image && planImage(hook.image, source, [...at, "image"], report),
    metricsPort: hookPort,
    network: {
      ingress: [{ from: "observability", port: hookPort }],
      egress: [{ to: "kafka" }, ...webhookEgress(webhooks)],
    },
    webhooks,
    config: hookConfig(webhooks, context, inputs),
  };
}

function planWebhooks(
  hook: EventHookSpec,
  inputs: readonly string[],
  context: PlanContext,
): readonly WebhookPlan[] {
  const { linked, report, topics } = context;
  const planned = hook.webHooks.map((webhook, index): WebhookPlan => {
    const path = [...at, "webHooks", index];
    const input = webhook.pipelineHookInputName;
    if (!inputs.includes(input)) {
      const message = `no pipe leads to the input ${JSON.stringify(input)} of the EventHook, expected ${knownNames(input, inputs)}`;
      report.error(linked.source, [...path, "pipelineHookInputName"], message);
    }
    return {
      input,
      topics: topics.into(eventHookName, input),
      url: webhook.webHookUrl,
      verb: webhook.httpVerb,
      headers: planHeaders(webhook.httpHeaders ?? "", [...path, "httpHeaders"], context),
    };
  });
  return planned.sort((a, b) =>
    compareText(JSON.stringify([a.input, a.url, a.verb]), JSON.stringify([b.input, b.url, b.verb])),
  );
}

function planHeaders(
  text: string,
  path: readonly PathStep[],
  { linked, report }: PlanContext,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of text.split("\n").filter((candidate) => candidate.trim() !== "")) {
    const [, name, value] = /^\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+):\s*(.*\S)\s*$/.exec(line) ?? [];
    // The line itself may be a secret: it is not shown.
    if (name === undefined || value === undefined) {
      report.error(
        linked.source,
        path,
        "found a line that is no header, expected one 'Name: value' for each line",
      );
    } else {
      headers[name] = value;
    }
  }
  return sortedByKey(headers);
}

function webhookEgress(webhooks: readonly WebhookPlan[]): readonly EgressPlan[] {
  const targets = webhooks.map(({ url }): readonly [string, EgressPlan] => {
    const { hostname: host, port: stated, protocol } = new URL(url);
    const byDefault = protocol === "https:" ? 443 : 80;
    const port = stated === "" ? byDefault : Number(stated);
    return [`${host}:${port}`, { to: "webhook", host, port }];
  });
  return Object.values(sortedByKey(Object.fromEntries(targets)));
}

function hookConfig(
  webhooks: readonly WebhookPlan[],
  context: PlanContext,
  inputs: readonly string[],
): JsonObject {
  return {
    ...configHeader(context),
    consumerGroup: `algorun.${context.linked.id}.${eventHookName}`,
    inputs: inputs.map((name) => ({ name, topics: context.topics.into(eventHookName, name) })),
    webhooks: webhooks.map((webhook) => ({ ...webhook })),
  };
}
