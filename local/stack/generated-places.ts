import { z } from "zod";

const objectSchema = z.object({
  kind: z.enum(["Secret", "ConfigMap"]),
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
  stringData: z.record(z.string(), z.string()).default({}),
});

/** The files of a Secret or a ConfigMap. */
export interface FilesObject {
  readonly kind: "Secret" | "ConfigMap";
  readonly namespace: string;
  readonly name: string;
  /** Contents in clear, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** An object as its files; undefined: it has none. What is in `data` of a Secret is encoded. */
export function filesObject(value: unknown): FilesObject | undefined {
  const parsed = objectSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { kind, metadata, data, stringData } = parsed.data;
  const decode = (text: string): string =>
    kind === "Secret" ? Buffer.from(text, "base64").toString() : text;
  const decoded = Object.entries(data).map(([file, text]) => [file, decode(text)] as const);
  return { kind, ...metadata, files: { ...Object.fromEntries(decoded), ...stringData } };
}

/**
 * Finds the values that a stack has generated, in what was made of them.
 *
 * @param rendered - objects as they are rendered, with marks in the place of generated values
 * @param present - objects as they are
 * @param marks - by whatever names the value
 * @returns values by the same names; those that no object has, or objects disagree on, are left out
 */
export function generatedValues(
  rendered: readonly FilesObject[],
  present: readonly FilesObject[],
  marks: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const contents = new Map(present.map((object) => [keyOf(object), object.files]));
  const found = [...marks].flatMap(([name, mark]) => {
    const values = rendered.flatMap((object) =>
      Object.entries(object.files).flatMap(([file, text]) => {
        const line = text.split("\n").find((each) => each.includes(mark));
        const actual = contents.get(keyOf(object))?.[file];
        if (line === undefined || actual === undefined) return [];
        return valueIn(actual, line, mark) ?? [];
      }),
    );
    const [value, ...others] = new Set(values);
    return value === undefined || others.length > 0 ? [] : [[name, value] as const];
  });
  return new Map(found);
}

/** What stands in a text where a line of it has a mark; generated values are of letters, digits, hyphens and underscores. */
function valueIn(text: string, line: string, mark: string): string | undefined {
  const [before = "", ...rest] = line.split(mark);
  const pattern = new RegExp(`^${escaped(before)}([\\w-]+)${rest.map(escaped).join("\\1")}$`, "m");
  return pattern.exec(text)?.[1];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function keyOf({ kind, namespace, name }: FilesObject): string {
  return `${kind} ${namespace}/${name}`;
}
