import { reportDuplicates } from "../document/check-algo";
import { eventHookName } from "../link/link-pipes";
import { kubernetesName } from "../values/names";
import { knownNames } from "../document/nearest-name";
import { addressKind, unreachableByName } from "../workloads/outside-address";
import type { SecretMountPlan, WebhookPlan } from "../plan/plan";
import type { PlanContext } from "../plan-context";
import type { PathStep } from "../document/problem";
import type { EventHookSpec } from "../schema/event-hook-schema";
import { compareText, distinct, shortHash, sortedByKey } from "../values/text";
import { planHeaders } from "./webhook-headers";

type WebhookSpec = EventHookSpec["webHooks"][number];

/** Folder of the Secrets that somebody else makes; each has a folder of its own in it. */
const secretsFolder = "/etc/algorun/secrets";
/** Folder of the secrets for signatures that are made. */
export const signingFolder = "/etc/algorun/signing";

const at: readonly PathStep[] = ["spec", "eventHook", "webHooks"];

/**
 * The webhooks of a hook, sorted.
 *
 * @param inputs - inputs of the hook that pipes lead to
 */
export function planWebhooks(
  { webHooks }: EventHookSpec,
  inputs: readonly string[],
  context: PlanContext,
): readonly WebhookPlan[] {
  const { linked, report } = context;
  const names = webHooks.map(({ name }) => name).filter((name) => name !== undefined);
  reportDuplicates(names, "webhook", linked.source, at, report);
  const planned = webHooks.map((webhook, index) => planWebhook(webhook, [...at, index], inputs, context));
  planned.forEach((webhook, index) => {
    const first = planned.findIndex((other) => identityOf(other) === identityOf(webhook));
    if (first === index) return;
    const message = `the same input, URL and verb as webHooks[${first}]: its receiver would get every message twice; remove one of them`;
    report.error(linked.source, [...at, index], message);
  });
  return planned.sort((a, b) => compareText(identityOf(a), identityOf(b)));
}

function identityOf({ input, url, verb }: Pick<WebhookPlan, "input" | "url" | "verb">): string {
  return JSON.stringify([input, url, verb]);
}

function planWebhook(
  webhook: WebhookSpec,
  path: readonly PathStep[],
  inputs: readonly string[],
  context: PlanContext,
): WebhookPlan {
  const { linked, report, topics } = context;
  const { pipelineHookInputName: input, webHookUrl: url, httpVerb: verb, secretHeaders = {} } = webhook;
  if (!inputs.includes(input)) {
    const message = `no pipe leads to the input ${JSON.stringify(input)} of the EventHook, expected ${knownNames(input, inputs)}`;
    report.error(linked.source, [...path, "pipelineHookInputName"], message);
  }
  checkUrl(webhook, path, context);
  const name = webhook.name ?? `${kubernetesName(input, 30)}-${shortHash(identityOf({ input, url, verb }))}`;
  const files = Object.entries(secretHeaders).map(
    ([header, { secretName, key }]) => [header, { file: fileOf(secretName, key) }] as const,
  );
  return {
    name,
    input,
    topics: topics.into(eventHookName, input),
    url,
    verb,
    headers: planHeaders(webhook, path, context),
    secretHeaders: sortedByKey(Object.fromEntries(files)),
    signature: planSignature(webhook, name, path, context),
  };
}

function planSignature(
  { signature }: WebhookSpec,
  name: string,
  path: readonly PathStep[],
  { linked, report }: PlanContext,
): WebhookPlan["signature"] {
  if (signature === undefined) return undefined;
  const { secretName, key } = signature;
  const scheme = "standard-webhooks";
  if (secretName !== undefined && key !== undefined)
    return { scheme, file: fileOf(secretName, key), isGenerated: false };
  if (secretName !== undefined || key !== undefined) {
    const missing = key === undefined ? "key" : "secretName";
    const message = "is missing, expected both secretName and key, or neither, for a secret that is made";
    report.error(linked.source, [...path, "signature", missing], message);
  }
  return { scheme, file: `${signingFolder}/${name}`, isGenerated: true };
}

function checkUrl(
  { webHookUrl, secretHeaders = {} }: WebhookSpec,
  path: readonly PathStep[],
  { linked: { source }, report }: PlanContext,
): void {
  const urlAt = [...path, "webHookUrl"];
  const { hostname, protocol, username, password } = new URL(webHookUrl);
  const kind = addressKind(hostname);
  if (username !== "" || password !== "") {
    // The URL holds a secret: it is not shown.
    const message = "found a user or a password in the URL, expected none; send it with secretHeaders";
    report.error(source, urlAt, message);
  }
  if (kind === "own") {
    const message = `found ${hostname}, which is the hook's own pod or node, or nobody; expected the receiver's host`;
    report.error(source, urlAt, message);
  } else if (protocol === "http:" && kind !== "cluster") {
    if (Object.keys(secretHeaders).length === 0)
      report.warning(source, urlAt, "messages travel in clear; use https");
    else
      report.error(source, urlAt, "found http, expected https: a header from a Secret would travel in clear");
  }
  const warning = unreachableByName(hostname);
  if (warning !== undefined) report.warning(source, urlAt, warning);
}

/** The Secrets that webhooks refer to, each once. */
export function planSecretMounts({ webHooks }: EventHookSpec): readonly SecretMountPlan[] {
  const named = webHooks.flatMap(({ secretHeaders = {}, signature }) => [
    ...Object.values(secretHeaders).map(({ secretName }) => secretName),
    ...(signature?.secretName === undefined ? [] : [signature.secretName]),
  ]);
  return distinct(named).map((secretName) => ({
    secretName,
    volume: kubernetesName(`secret-${secretName}`),
    folder: `${secretsFolder}/${secretName}`,
  }));
}

function fileOf(secretName: string, key: string): string {
  return `${secretsFolder}/${secretName}/${key}`;
}
