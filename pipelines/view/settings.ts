/** Plain data as lines `path: value`, in the order of its keys; what is undefined is left out. */
export function settingsInWords(value: object, path = ""): readonly string[] {
  return Object.entries(value).flatMap(([key, inner]: readonly [string, unknown]) => {
    const name = path === "" ? key : `${path}.${key}`;
    if (inner === undefined) return [];
    if (Array.isArray(inner)) return inner.length === 0 ? [] : [`${name}: ${inner.map(String).join(", ")}`];
    if (typeof inner === "object" && inner !== null) return settingsInWords(inner, name);
    return [`${name}: ${JSON.stringify(inner)}`];
  });
}
