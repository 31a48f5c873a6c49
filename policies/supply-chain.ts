import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { parseImageReference } from "./rule/image-reference";
import { imagesOf } from "./rule/images";
import { defineRule, type Finding } from "./rule/rule";

/** Tags that publishers move from release to release. */
const movingTags = [
  "latest",
  "stable",
  "main",
  "master",
  "trunk",
  "head",
  "edge",
  "nightly",
  "snapshot",
  "dev",
  "develop",
  "development",
  "canary",
  "rolling",
  "current",
  "lts",
  "prod",
  "production",
  "staging",
  "release",
];

const settings = z.strictObject({
  movingTags: z
    .array(z.string())
    .default(movingTags)
    .meta({ description: "Tags that count as moving, whatever their case; replaces the default list" }),
  requireDigest: z
    .boolean()
    .default(false)
    .meta({ description: "Whether a tag is not enough: every image must carry a digest" }),
});

/** Every image names one version: a tag that stays, or a digest. */
export const pinnedImages = defineRule({
  name: "pinned-images",
  severity: "high",
  description: "Every container image is pinned to a version: a tag that does not move, or a digest.",
  rationale:
    "A tag such as latest names another program after each push. Two pods of one Deployment then run different code, a rollback rolls nothing back, and nobody can say what ran when something went wrong.",
  remedy:
    "Name a version (repository:1.4.2) or a digest (repository@sha256:…). The platform's own images are in components/images.ts; an algo's are in its Algo document.",
  levels: advisoryInDev,
  settings,
  *judge(resource, context) {
    for (const { label, image } of imagesOf(resource)) yield* judgeImage(label, image, context.settings);
  },
});

function* judgeImage(label: string, image: Field, wanted: z.output<typeof settings>): Iterable<Finding> {
  if (image.isUnknown) return;
  const reference = parseImageReference(image.text ?? "");
  if (reference === undefined) {
    const fix = "name an image as repository:version or repository@sha256:digest";
    yield {
      field: image,
      configKey: "images",
      found: `${label} has ${image.shown}, which is no image reference`,
      fix,
    };
    return;
  }
  if (reference.digest !== undefined) return;
  const { repository, tag } = reference;
  if (tag === undefined) {
    const found = `${label} runs ${image.shown} without a tag, which means latest`;
    yield {
      field: image,
      configKey: "images",
      found,
      fix: `write a version behind it, such as ${repository}:1.4.2`,
    };
  } else if (wanted.movingTags.some((moving) => moving.toLowerCase() === tag.toLowerCase())) {
    const found = `${label} runs ${image.shown}, and the tag ${tag} moves from release to release`;
    yield {
      field: image,
      configKey: "images",
      found,
      fix: `write the version that it stands for now, such as ${repository}:1.4.2`,
    };
  } else if (wanted.requireDigest) {
    const found = `${label} runs ${image.shown} without a digest`;
    yield {
      field: image,
      configKey: "images",
      found,
      fix: `write ${repository}:${tag}@sha256:… with the digest of that image`,
    };
  }
}
