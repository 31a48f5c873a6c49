/**
 * Whether data of one content type may be piped into an input that accepts some.
 *
 * Letter case and parameters (`; charset=utf-8`) do not count. `*` and `any` stand for every type or subtype, so
 * that `text/any` is `text/*`; a word without a slash is a family, so that `Text` is `text/*`. Two types are
 * compatible when one message could satisfy both: a wildcard on either side is enough, since a message carries
 * its exact type. A type that is not stated, and an empty list, accept anything.
 */
export function isCompatible(output: string | undefined, accepted: readonly string[]): boolean {
  if (output === undefined || accepted.length === 0) return true;
  const [family, subtype] = parts(output);
  return accepted.map(parts).some(([acceptedFamily, acceptedSubtype]) => {
    return meets(family, acceptedFamily) && meets(subtype, acceptedSubtype);
  });
}

function parts(contentType: string): readonly [family: string, subtype: string] {
  const [type = ""] = contentType.toLowerCase().split(";");
  const [family = "", subtype = "*"] = type.trim().split("/");
  return [family, subtype];
}

function meets(a: string, b: string): boolean {
  return a === b || isWildcard(a) || isWildcard(b);
}

function isWildcard(part: string): boolean {
  return part === "*" || part === "any";
}
