import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { podTemplatesOf, type Container } from "./rule/pod-templates";
import type { Resource } from "./rule/resource";
import { defineRule, type Finding } from "./rule/rule";
import { findSecrets, findShape, isSecretPair } from "./secret-shapes";
import { findKnownSecrets } from "./known-secrets";

const fix =
  "keep it in a Secret, mount that as a file, and refer to the file (or to the variable that is set from the Secret)";

const settings = z.strictObject({
  ignoredNames: z
    .array(z.string())
    .default([])
    .meta({ description: "Names of variables and keys that look as if they held a secret, and do not" }),
});

/** Secrets live in Secrets: not in ConfigMaps, variables or arguments. */
export const hiddenSecrets = defineRule({
  name: "hidden-secrets",
  severity: "critical",
  description:
    "No secret stands in a ConfigMap, in a plain environment variable or in a container's arguments.",
  rationale:
    "ConfigMaps and pod specs are readable by everybody who may look at a namespace, are printed by describe and by dashboards, and are stored without encryption. A Secret can be guarded, encrypted and rotated.",
  remedy:
    "Keep the value in a Secret made from @pulumi/random or from a secret of the stack's config, and mount it as a file.",
  levels: advisoryInDev,
  settings,
  *judge(resource, { settings }) {
    yield* judgeConfigMap(resource, settings.ignoredNames);
    for (const { containers } of podTemplatesOf(resource)) {
      for (const container of containers) {
        yield* judgeEnvironment(container, settings.ignoredNames);
        yield* judgeArguments(container, settings.ignoredNames);
      }
    }
  },
  *judgeStack(resources) {
    for (const { resource, field, source } of findKnownSecrets(resources)) {
      yield { resource, field, found: `it holds the value of ${source} in plain text`, fix };
    }
  },
});

function* judgeConfigMap(resource: Resource, ignoredNames: readonly string[]): Iterable<Finding> {
  if (!/^kubernetes:core\/v1:ConfigMap(?:Patch|List)?$/.test(resource.type)) return;
  const objects = resource.kind === "ConfigMapList" ? resource.fields.at("items").items : [resource.fields];
  for (const object of objects) {
    for (const [key, field] of object.at("data").entries) {
      yield* judgeText(`the key ${key}`, key, field, ignoredNames);
    }
    for (const [key, field] of object.at("binaryData").entries) {
      const looksLike = findShape(Buffer.from(field.text ?? "", "base64").toString("latin1"));
      if (looksLike !== undefined) yield { field, found: `the key ${key} holds ${looksLike}`, fix };
    }
  }
}

function* judgeEnvironment({ label, fields }: Container, ignoredNames: readonly string[]): Iterable<Finding> {
  for (const variable of fields.at("env").items) {
    const name = variable.at("name").text ?? "";
    yield* judgeText(`the variable ${name} of ${label}`, name, variable.at("value"), ignoredNames);
  }
}

function* judgeArguments({ label, fields }: Container, ignoredNames: readonly string[]): Iterable<Finding> {
  for (const list of ["command", "args"]) {
    let flag = "";
    for (const [index, field] of fields.at(list).items.entries()) {
      yield* judgeText(`number ${index + 1} of the ${list} of ${label}`, flag, field, ignoredNames);
      flag = /^-{1,2}(?<name>[A-Za-z][\w.-]*)$/.exec(field.text ?? "")?.groups?.name ?? "";
    }
  }
}

/**
 * @param what - the thing with the text, for the message
 * @param name - what the text is the value of
 */
function* judgeText(
  what: string,
  name: string,
  field: Field,
  ignoredNames: readonly string[],
): Iterable<Finding> {
  const { text } = field;
  if (text === undefined || ignoredNames.includes(name)) return;
  if (isSecretPair(name, text.trim())) {
    yield { field, found: `${what} holds a secret by its name`, fix };
    return;
  }
  for (const { looksLike, line } of findSecrets(text, ignoredNames)) {
    yield { field, found: `${what} holds ${looksLike}${text.includes("\n") ? ` in line ${line}` : ""}`, fix };
  }
}
