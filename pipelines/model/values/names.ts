import { shortHash } from "./text";

/** Longest name of a namespace or label value. */
const labelLength = 63;
/** Longest name of a component: leaves room for suffixes such as `-runner-config` inside 63 characters. */
const componentLength = 50;
/** Longest name of a topic that Kafka accepts. */
export const topicLength = 249;
/** Longest name of an S3 bucket. */
const bucketLength = 63;

/** Shortens a text to a length, keeping it apart from others with the same beginning. Short texts stay. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 9).replace(/[^A-Za-z0-9]+$/, "")}-${shortHash(text)}`;
}

/**
 * A DNS label: lower-cased, everything outside a-z and 0-9 becomes a hyphen, shortened with a hash.
 *
 * @param length longest result, at least 20; default 63
 */
export function kubernetesName(text: string, length = labelLength): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return shorten(label === "" ? shortHash(text) : label, length);
}

/** Name of a component, or of a deployment as prefix of resource names: a DNS label of at most 50 characters. */
export function componentName(text: string): string {
  return kubernetesName(text, componentLength);
}

/** A label value: letters, digits, `.`, `_` and `-`, at most 63, shortened with a hash. */
export function labelValue(text: string): string {
  return shorten(text, labelLength);
}

/** Bucket of a deployment: `{owner}.{name}` lower-cased, with `-` for what S3 does not allow. */
export function bucketName(owner: string, name: string): string {
  const text = `${owner}.${name}`.toLowerCase().replace(/[^a-z0-9.-]/g, "-");
  // S3 takes no two dots in a row and no dot beside a hyphen.
  return shorten(text.replace(/[.-]{2,}/g, "-"), bucketLength);
}

/** Name of a bucket with a prefix, as long as S3 allows. */
export function prefixedBucketName(prefix: string, bucket: string): string {
  return shorten(`${prefix}${bucket}`, bucketLength);
}

/** Name of an environment variable: the prefix, then the text in capitals with `_` for other characters. */
export function environmentName(prefix: string, text: string): string {
  return `${prefix}${text.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

/**
 * A topic's name when the document gives none: `algorun.{owner}.{name}.{component}.{output}`, lower-cased, `-`
 * for what Kafka does not allow, shortened with a hash.
 *
 * @param component `endpoint.0`, or `{algo}.{index}`
 */
export function defaultTopicName(owner: string, name: string, component: string, output: string): string {
  return shorten(topicText(`algorun.${owner}.${name}.${component}.${output}`), topicLength);
}

/** Lower-cased, with `-` for what Kafka does not allow. */
function topicText(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9._-]/g, "-");
}

/**
 * Name of a retry or dead-letter topic: `{topic}.{suffix}`, or `{topic}.{algo}.{index}.{suffix}` for an algo with
 * `ownRetryTopics`; shortened with a hash. Like an automatic name it leaves out the algo's version, so that a new
 * version finds the messages that wait for the old one.
 */
export function retryTopicName(
  topic: string,
  { algo, spec }: { readonly algo: { readonly name: string }; readonly spec: RetryTopicOwner },
  suffix: string,
): string {
  const own = spec.ownRetryTopics ? `.${algo.name}.${spec.index}` : "";
  return shorten(topicText(`${topic}${own}.${suffix}`), topicLength);
}

/** What says how the retry topics of an algo are called. */
interface RetryTopicOwner {
  readonly ownRetryTopics: boolean;
  readonly index: number;
}

/** A topic's name as the document gives it, its two placeholders filled in, lower-cased. */
export function fillTopicName(topicName: string, owner: string, name: string): string {
  return topicName
    .toLowerCase()
    .replaceAll("{deploymentowner}", owner)
    .replaceAll("{deploymentname}", name)
    .toLowerCase();
}

/** Why Kafka would refuse a topic's name, or undefined. */
export function topicNameFault(name: string): string | undefined {
  if (name.length > topicLength) return `${name.length} characters, expected at most ${topicLength}`;
  const placeholder = /\{[^}]*\}/.exec(name)?.[0];
  if (placeholder !== undefined) {
    return `the placeholder ${placeholder}, expected only {deploymentowner} and {deploymentname}`;
  }
  if (!/^[a-z0-9._-]+$/.test(name))
    return "a character that Kafka does not allow, expected letters, digits, '.', '_' and '-'";
  if (name === "." || name === "..") return "a name that Kafka reserves";
  if (name.startsWith("__")) return "a name of Kafka's own, expected one that does not begin with '__'";
  return undefined;
}

/** Topics with the same key can't exist side by side: in metric names Kafka takes `.` and `_` for the same. */
export function topicCollisionKey(name: string): string {
  return name.replaceAll(".", "_");
}
