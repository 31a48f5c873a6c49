/** Something in a text that looks like a secret. What it is, never the secret itself. */
export interface SecretTrace {
  /** What it looks like: `a private key`. */
  readonly looksLike: string;
  /** Line of the text, from 1. */
  readonly line: number;
}

/** What a value can't begin with when it is the secret itself: references, templates, paths, containers. */
const reference = String.raw`[$@<{\[/%*|>]|file:|\.\.?/`;

/** Texts that are secrets whatever stands around them. */
const shapes: readonly { readonly looksLike: string; readonly pattern: RegExp }[] = [
  { looksLike: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  {
    looksLike: "a JAAS configuration with a password",
    pattern: new RegExp(
      String.raw`LoginModule\s+(?:required|requisite|sufficient|optional)\b[^;]*?\bpassword\s*=\s*["']?(?!${reference})[^\s"';]`,
    ),
  },
  {
    looksLike: "an address with a password in it",
    pattern: new RegExp(
      String.raw`\b[a-z][a-z\d+.-]*://[^\s/:@"'<>]*:(?!${reference})[^\s/@"']+@[^\s/]`,
      "i",
    ),
  },
  { looksLike: "an AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z\d]{16}\b/ },
  { looksLike: "a storage account key", pattern: /\b(?:AccountKey|SharedAccessKey)=[A-Za-z\d+/]{20,}/ },
  { looksLike: "a GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z\d]{36}|github_pat_\w{40,})/ },
  {
    looksLike: "a Slack token",
    pattern: /\bxox[abprs]-[\w-]{10,}|hooks\.slack\.com\/services\/[A-Z\d]+\/[A-Z\d]+\/\w+/,
  },
  { looksLike: "a signed token", pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/ },
  { looksLike: "an SQL password", pattern: /\b(?:PASSWORD|IDENTIFIED\s+BY)\s+'(?![$:%<{])[^']+'/i },
  {
    looksLike: "a Redis password",
    pattern: new RegExp(String.raw`^\s*(?:requirepass|masterauth)\s+["']?(?!${reference})[^\s"']`),
  },
];

/** A name and its value, as configuration formats, shells and command lines write them; `:'name'` is a variable of psql. */
const assignment =
  /(?<![\w.])(?<name>[A-Za-z][\w.-]*)["']?\s*(?:=|:(?!\/\/)(?<!\s:(?=')))\s*(?<value>"[^"]*"|'[^']*'|[^\s,;"'}\])]+)/g;

const commentLine = /^\s*(?:#|\/\/|;|--\s)/;

/** Names that end so hold a password, whatever it looks like. */
const passwordName = /(?:password|passwd|passphrase|pwd)$/;

/** Names that end so hold a secret when the value is opaque; `STOP_TOKEN` and `pullSecret` are no secrets. */
const opaqueName = /(?:secret|token|(?:api|access|secret|private|signing|encryption|account)_?key)$/;

/**
 * Finds what looks like a secret in a text.
 *
 * @param text - a file of a ConfigMap, an argument, the value of a variable
 * @param ignoredNames - names whose values are no secrets
 * @returns at most one trace for each line, in order
 */
export function findSecrets(text: string, ignoredNames: readonly string[]): readonly SecretTrace[] {
  return text.split("\n").flatMap((content, index) => {
    const looksLike = findShape(content) ?? findAssignment(content, ignoredNames);
    return looksLike === undefined ? [] : [{ looksLike, line: index + 1 }];
  });
}

/** What a text looks like by its shape alone; undefined when it looks like no secret. */
export function findShape(text: string): string | undefined {
  return shapes.find(({ pattern }) => pattern.test(text))?.looksLike;
}

/**
 * Whether a name and a value together are a secret in plain text.
 *
 * @param name - `KAFKA_AUTH_PASSWORD`, `clientSecret`, `sasl.password`
 */
export function isSecretPair(name: string, value: string): boolean {
  const words = snakeCase(name);
  if (isPlaceholder(value)) return false;
  return passwordName.test(words) || (opaqueName.test(words) && isOpaque(value));
}

/** Whether a name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  const words = snakeCase(name);
  return passwordName.test(words) || opaqueName.test(words);
}

function findAssignment(line: string, ignoredNames: readonly string[]): string | undefined {
  if (commentLine.test(line)) return undefined;
  for (const { groups } of line.matchAll(assignment)) {
    const { name = "", value = "" } = groups ?? {};
    if (ignoredNames.includes(name)) continue;
    if (isSecretPair(name, value.replace(/^["']|["']$/g, ""))) return `a value of ${name}`;
  }
  return undefined;
}

function snakeCase(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z\d]+/g, "_")
    .toLowerCase();
}

const referenceStart = new RegExp(`^(?:${reference})`);
const emptyWords = new Set(["", "true", "false", "null", "nil", "none", "undefined", "string", "redacted"]);

/** Whether a value only says where the secret is, or that there is none. */
function isPlaceholder(value: string): boolean {
  return emptyWords.has(value.toLowerCase()) || referenceStart.test(value);
}

function isOpaque(value: string): boolean {
  return /^[\w+/=.~-]{16,}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}
