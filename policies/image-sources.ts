import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import { fullRepository, parseImageReference } from "./rule/image-reference";
import { imagesOf } from "./rule/images";
import { defineRule, noSettings } from "./rule/rule";

/** Images come from places that somebody decided to trust. */
export const trustedRegistries = defineRule({
  name: "trusted-registries",
  severity: "high",
  description: "Every container image comes from a registry, or a part of one, that is on the list.",
  rationale:
    "Whoever can make a pod run an image of their own runs a program of their own beside your data. A list of registries keeps typing errors, look-alike names and forgotten experiments out; behind a mirror with scanning, it keeps everything else out.",
  remedy:
    "Take the image from a listed registry, or copy it to one. To trust another, set registries in the rule's configuration; an entry may be as narrow as registry/team.",
  levels: advisoryInDev,
  settings: z.strictObject({
    registries: z
      .array(z.string().min(1))
      // Those of components/images.ts.
      .default(["docker.io", "ghcr.io", "quay.io"])
      .meta({
        description:
          "Registries, or repositories below them, whose images may run; the default are those of the platform's own images",
      }),
  }),
  *judge(resource, { settings }) {
    for (const { label, image } of imagesOf(resource)) {
      const reference = parseImageReference(image.text ?? "");
      if (reference === undefined) continue;
      const repository = `${fullRepository(reference.repository)}/`;
      if (settings.registries.some((trusted) => repository.startsWith(`${trusted.replace(/\/+$/, "")}/`)))
        continue;
      yield {
        field: image,
        configKey: "images",
        found: `${label} runs ${image.shown}, which is not from ${settings.registries.join(", ")}`,
        fix: "take the image from one of them, or add its registry to the setting registries of this rule",
      };
    }
  },
});

/** A node's cache decides about no image whose name can come to mean another. */
export const freshImages = defineRule({
  name: "fresh-images",
  severity: "low",
  description: "Every image with a tag is pulled when a container starts; one with a digest may be kept.",
  rationale:
    "With IfNotPresent, a node that once had the tag never asks again: two nodes run different images of one name, and a pod may start an image that its own credentials could not pull. Where the registry has not changed, pulling costs one request.",
  remedy:
    "Set imagePullPolicy to Always, or name the image by its digest. In documents it is imagePullPolicy beside the tag; for all pods, imagePullPolicy in the config key pods. Images that are built on a laptop go to a registry beside its cluster.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge(resource) {
    for (const { label, image, pullPolicy } of imagesOf(resource)) {
      const reference = parseImageReference(image.text ?? "");
      const needsPull = reference !== undefined && reference.digest === undefined;
      const { text } = pullPolicy;
      if (text === "Never" || (needsPull && text !== "Always" && !pullPolicy.isUnknown)) {
        yield {
          field: pullPolicy,
          configKey: "pods",
          found: `${label} runs ${image.shown} with imagePullPolicy ${pullPolicy.shown}`,
          fix: "set imagePullPolicy to Always, or add the digest to the image",
        };
      }
    }
  },
});
