import { contentHash } from "../../workload/stable-text";

/** Longest name of the objects of a bucket's Job: it is a label's value. */
const longest = 63;

/**
 * Checks a bucket's name.
 *
 * @throws Error for a name that S3 refuses
 */
export function checkBucketName(bucket: string): void {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) && !bucket.includes("..")) return;
  throw new Error(
    `bucket: found ${bucket}, expected 3 to 63 of a-z, 0-9, dot and hyphen, with a letter or digit at both ends`,
  );
}

/**
 * What the names of all buckets of a stack begin with: nothing, except in S3, where a bucket's name is unique in the
 * world, and two stacks run the same documents.
 */
export function bucketPrefix(settings: {
  readonly objectStorage: { readonly engine: string };
  readonly aws?: { readonly name: string } | undefined;
}): string {
  const { objectStorage, aws } = settings;
  return objectStorage.engine === "s3" && aws !== undefined ? `${aws.name}-` : "";
}

/**
 * Name of the Kubernetes objects that make a bucket: a DNS label, different for different buckets.
 *
 * @param storage - name of the storage's objects
 */
export function bucketJobName(storage: string, bucket: string): string {
  const label = `${storage}-bucket-${bucket.replaceAll(".", "-")}`;
  if (!bucket.includes(".") && label.length <= longest) return label;
  const hash = contentHash(bucket).slice(0, 8);
  return `${label.slice(0, longest - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
