/**
 * Whether a request's content type is one that a path takes. Letter case and parameters do not count; `*` and `any` stand
 * for every type or subtype, and a word alone is a family: the same as for pipes.
 *
 * @param accepted - undefined accepts anything
 */
export function isAccepted(contentType: string, accepted: string | undefined): boolean {
  if (accepted === undefined) return true;
  const [family, subtype] = parts(contentType);
  const [acceptedFamily, acceptedSubtype] = parts(accepted);
  return meets(family, acceptedFamily) && meets(subtype, acceptedSubtype);
}

/** The type that a path's messages have when a request doesn't say: the path's own, where it is an exact one. */
export function typeByDefault(accepted: string | undefined): string {
  const isExact =
    accepted !== undefined && accepted.includes("/") && parts(accepted).every((part) => !isWildcard(part));
  return isExact ? accepted : "application/octet-stream";
}

function parts(contentType: string): readonly [family: string, subtype: string] {
  const [type = ""] = contentType.toLowerCase().split(";");
  const [family = "", subtype = "*"] = type.trim().split("/");
  return [family, subtype];
}

/** A request has an exact type: only what is accepted may be a wildcard. */
function meets(part: string, accepted: string): boolean {
  return part === accepted || isWildcard(accepted);
}

function isWildcard(part: string): boolean {
  return part === "*" || part === "any";
}
