import type { Field } from "./rule/field";
import type { Resource } from "./rule/resource";
import { isSecretName } from "./secret-shapes";

/** A secret of the stack, found where everybody can read it. */
export interface LeakedSecret {
  /** The resource that shows it. */
  readonly resource: Resource;
  readonly field: Field;
  /** Where the secret comes from: `RandomPassword "grafana-admin"`. */
  readonly source: string;
}

/** Shorter texts turn up by chance. */
const minimumLength = 8;

/**
 * Finds secrets of the stack in Kubernetes objects other than Secrets, wherever they stand.
 *
 * The engine unpacks Pulumi secrets before a policy sees them, so a secret can't be told from plain text by
 * its wrapping. What a stack generates or puts into a Secret is known to be secret, though, and can be looked
 * for. Values that a preview does not know yet are found by the update, or by the next preview.
 */
export function findKnownSecrets(resources: readonly Resource[]): readonly LeakedSecret[] {
  const secrets = new KnownSecrets(resources.flatMap(secretsOf));
  return resources
    .filter(({ isKubernetes, kind }) => isKubernetes && kind !== "Secret" && kind !== "SecretPatch")
    .flatMap((resource) =>
      textsIn(resource.fields).flatMap(([field, text]) => {
        const source = secrets.sourceIn(text);
        return source === undefined ? [] : [{ resource, field, source }];
      }),
    );
}

/** Secrets by how they begin, so that a text is read once, however many secrets there are. */
class KnownSecrets {
  private readonly byBeginning = new Map<string, (readonly [secret: string, source: string])[]>();

  constructor(secrets: readonly (readonly [secret: string, source: string])[]) {
    for (const secret of secrets) {
      const beginning = secret[0].slice(0, minimumLength);
      const others = this.byBeginning.get(beginning);
      if (others === undefined) this.byBeginning.set(beginning, [secret]);
      else others.push(secret);
    }
  }

  /** The source of a secret that stands in a text; undefined when there is none. */
  sourceIn(text: string): string | undefined {
    for (let start = 0; start + minimumLength <= text.length; start += 1) {
      const candidates = this.byBeginning.get(text.slice(start, start + minimumLength));
      const found = candidates?.find(([secret]) => text.startsWith(secret, start));
      if (found !== undefined) return found[1];
    }
    return undefined;
  }
}

/** Values that a resource keeps secret, with their source. */
function secretsOf(resource: Resource): (readonly [secret: string, source: string])[] {
  const values = secretValuesOf(resource).filter((value) => value.length >= minimumLength);
  return values.map((value) => [value, `${resource.kind} ${JSON.stringify(resource.name)}`]);
}

function secretValuesOf({ type, fields }: Resource): readonly string[] {
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      return [fields.at("result").text ?? ""];
    case "kafka:index/userScramCredential:UserScramCredential":
      return [fields.at("password").text ?? ""];
    case "kubernetes:core/v1:Secret":
      return [
        ...namedSecrets(fields.at("stringData")),
        ...namedSecrets(fields.at("data")).map((value) => Buffer.from(value, "base64").toString("utf8")),
      ];
    default:
      return [];
  }
}

/** A Secret also holds what is none, such as user names and certificates of authorities. */
function namedSecrets(data: Field): readonly string[] {
  return data.entries.flatMap(([key, field]) => (isSecretName(key) ? [field.text ?? ""] : []));
}

function textsIn(field: Field): (readonly [field: Field, text: string])[] {
  if (field.text !== undefined) return [[field, field.text]];
  return [...field.items, ...field.entries.map(([, entry]) => entry)].flatMap(textsIn);
}
