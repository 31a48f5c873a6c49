import { z } from "zod";
import { isOff, isOn, oneOrMore, allowedBy, unmet } from "./rule/aws";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings, type Finding, type StackFinding } from "./rule/rule";

/** Resources of S3, whose older names end in V2. */
const bucket = /^aws:s3\/bucket(?:V2)?:Bucket(?:V2)?$/;

function part(name: string): RegExp {
  return new RegExp(`^aws:s3/bucket${name}(?:V2)?:Bucket${name}(?:V2)?$`);
}

const publicAccessBlock = part("PublicAccessBlock");
const versioning = part("Versioning");
const encryption = part("ServerSideEncryptionConfiguration");
const lifecycle = part("LifecycleConfiguration");

/** What is in a bucket is nobody's on the internet. */
export const awsPrivateBuckets = defineRule({
  name: "aws-private-buckets",
  severity: "critical",
  description:
    "Every S3 bucket blocks public access in all four ways, and no policy of a bucket is for everybody.",
  rationale:
    "Files of pipelines are photos, documents and recordings of people. One ACL or policy that is written in a hurry shows them to everybody; the block makes it have no effect.",
  remedy:
    "Add a BucketPublicAccessBlock with all four switches on, leave acl out, and name accounts or roles in Principal.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge({ type, fields }) {
    if (publicAccessBlock.test(type)) {
      const switches = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
      yield* unmet(
        fields,
        switches.map((name) => isOn([name], "the bucket can be made public")),
      );
    }
    const acl = fields.at("acl");
    if ((bucket.test(type) || part("Acl").test(type)) && /^(?:public-|authenticated-)/.test(acl.text ?? ""))
      yield { field: acl, found: `the bucket is open to everybody (${acl.shown})`, fix: "leave it out" };
    if (part("Policy").test(type)) yield* judgePolicy(fields.at("policy"));
  },
  *judgeStack(resources) {
    yield* bucketsWithout(resources, publicAccessBlock, [], {
      found: "no BucketPublicAccessBlock is about the bucket",
      fix: "add one, with all four switches on",
    });
  },
});

/** What is overwritten or deleted can be had back, and what is old goes. */
export const awsDurableBuckets = defineRule({
  name: "aws-durable-buckets",
  severity: "high",
  description:
    "Every S3 bucket keeps old versions, encrypts with a KMS key, has a lifecycle, and is not deleted full.",
  rationale:
    "A retry that writes half a file over a whole one, or a clean-up with the wrong prefix, is undone with versions only. Versions in turn need a lifecycle, or they are paid for until the end of time.",
  remedy:
    "Add BucketVersioning (Enabled), BucketServerSideEncryptionConfiguration (aws:kms) and BucketLifecycleConfiguration for the bucket, and leave forceDestroy out.",
  levels: advisoryInDev,
  settings: z.strictObject({
    requireLifecycle: z
      .boolean()
      .default(true)
      .meta({ description: "Whether a bucket must have a lifecycle" }),
  }),
  *judge({ type, fields }) {
    if (bucket.test(type))
      yield* unmet(fields, [isOff(["forceDestroy"], "the bucket is deleted with all that is in it")]);
    const status = fields.at("versioningConfiguration", "status");
    if (versioning.test(type) && !status.isUnknown && status.text !== "Enabled")
      yield {
        field: status,
        found: `old versions are not kept (status is ${status.shown})`,
        fix: "set it to Enabled",
      };
    if (encryption.test(type)) yield* judgeEncryption(fields);
  },
  *judgeStack(resources, { settings }) {
    yield* bucketsWithout(resources, versioning, ["versioning"], {
      found: "old versions of what is in the bucket are not kept",
      fix: "add a BucketVersioning for it, with the status Enabled",
    });
    yield* bucketsWithout(resources, encryption, ["serverSideEncryptionConfiguration"], {
      found: "the bucket is encrypted with a key of AWS's own",
      fix: "add a BucketServerSideEncryptionConfiguration for it, with aws:kms",
    });
    if (!settings.requireLifecycle) return;
    yield* bucketsWithout(resources, lifecycle, ["lifecycleRules"], {
      found: "nothing in the bucket ever goes",
      fix: "add a BucketLifecycleConfiguration for it, which ends old versions and unfinished uploads",
    });
  },
});

/**
 * Buckets that no resource of some types is about. Such a resource refers to its bucket, whose name may not be known yet;
 * what it was made from is known. One that refers to nothing known may be about any of them.
 *
 * @param inline - properties of the bucket that say the same
 */
function* bucketsWithout(
  resources: readonly Resource[],
  wanted: RegExp,
  inline: readonly string[],
  { found, fix }: Pick<Finding, "found" | "fix">,
): Iterable<StackFinding> {
  const parts = resources.filter(({ type }) => wanted.test(type));
  const references = parts.map((part) =>
    [part.fields.at("bucket").text ?? [], part.sourcesOf("bucket")].flat(),
  );
  if (references.some((reference) => reference.length === 0)) return;
  const named = new Set(references.flat());
  for (const resource of resources) {
    const { type, fields, urn } = resource;
    if (!bucket.test(type) || inline.some((key) => !fields.at(key).isAbsent)) continue;
    const field = fields.at("bucket");
    const names = [urn, field.text, fields.at("id").text, fields.at("arn").text];
    if (names.some((name) => name !== undefined && named.has(name))) continue;
    yield { resource, field, found, fix };
  }
}

function* judgeEncryption(fields: Field): Iterable<Finding> {
  for (const rule of fields.at("rules").items) {
    const algorithm = rule.at("applyServerSideEncryptionByDefault", "sseAlgorithm");
    if (algorithm.isUnknown || (algorithm.text ?? "").startsWith("aws:kms")) continue;
    yield {
      field: algorithm,
      found: `the bucket is encrypted by ${algorithm.shown}`,
      fix: "set it to aws:kms",
    };
  }
}

function* judgePolicy(policy: Field): Iterable<Finding> {
  for (const { field, label, content } of allowedBy(policy)) {
    const principal = content.at("Principal");
    const names = [...oneOrMore(principal), ...oneOrMore(principal.at("AWS"))];
    if (!names.includes("*") || !content.at("Condition").isAbsent) continue;
    const found = `the statement ${label} is for everybody`;
    yield { field, found, fix: "name accounts or roles in Principal" };
  }
}
