import { CORE_SCHEMA, dump, loadAll, mergeTag } from "js-yaml";
import { chosen, type Mutation } from "./mutation-choice";

/** A place in a YAML value: the container, and the key or index in it. */
interface Place {
  readonly container: object;
  readonly key: string;
}

/** Breaks the documents of a file, as values, in one way; `at` is where. */
type ValueMutation = (at: Place, way: number, places: readonly Place[]) => void;

const yamlSchema = CORE_SCHEMA.withTags(mergeTag);

/** The documents of a file, as values that may be changed. */
function valuesOf(text: string): unknown[] {
  return loadAll(text, { schema: yamlSchema }).map((value) => structuredClone(value));
}

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: readonly [string, unknown]) => [
    { container: value, key },
    ...placesIn(inner),
  ]);
}

function valueAt({ container, key }: Place): unknown {
  return Reflect.get(container, key);
}

/** Sets a key as its own, whatever its name: `__proto__` too. */
function put({ container, key }: Place, value: unknown): void {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}

function remove({ container, key }: Place): void {
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else Reflect.deleteProperty(container, key);
}

function rename(at: Place, key: string): void {
  const value = valueAt(at);
  remove(at);
  if (Array.isArray(at.container)) at.container.push({ [key]: value });
  else put({ container: at.container, key }, value);
}

const otherTypes: readonly unknown[] = [null, true, 0, -1, 1.5, "", "text", [], {}, [[]], [null], { a: "b" }];
const hugeValues: readonly unknown[] = [
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  -1e308,
  Infinity,
  NaN,
  "a".repeat(100_000),
  "a-".repeat(5_000),
  "[".repeat(1_000),
  "1".repeat(400),
  Array.from({ length: 5_000 }, (_, index) => index),
  Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`key-${index}`, index])),
];
const oddTexts: readonly string[] = [
  "é",
  "ﬀ",
  "İ", // grows when lower-cased
  "𝕏",
  "名前",
  "\u202eevil",
  "\u0000",
  "\ud800",
  "a\u00a0b",
  "a\nb",
  "a\tb",
  "../..",
  "${x}",
  "{deploymentowner}",
  "-",
  ".",
  "..",
  " ",
];
const inheritedKeys = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "prototype",
  "length",
  "then",
];

const mutationsOfValues: Readonly<Record<string, ValueMutation>> = {
  deleted: remove,
  repeated: (at) => {
    if (Array.isArray(at.container)) at.container.push(structuredClone(valueAt(at)));
    else rename({ ...at }, `${at.key}${at.key}`);
  },
  retyped: (at, way) => {
    put(at, chosen(otherTypes, way));
  },
  renamed: (at, way) => {
    const { key } = at;
    rename(
      at,
      chosen(
        [key.slice(1), `${key}x`, key.toUpperCase(), key.toLowerCase(), `${key.slice(0, 1)}${key}`, ""],
        way,
      ),
    );
  },
  misled: (at, way) => {
    const value = valueAt(at);
    put(
      at,
      typeof value === "string" ? chosen([`${value}x`, value.slice(1), value.toUpperCase()], way) : "nowhere",
    );
  },
  huge: (at, way) => {
    put(at, chosen(hugeValues, way));
  },
  odd: (at, way) => {
    put(at, chosen(oddTexts, way));
  },
  oddlyNamed: (at, way) => {
    rename(at, chosen(oddTexts, way));
  },
  inherited: (at, way) => {
    rename(at, chosen(inheritedKeys, way));
  },
  inheritedBeside: (at, way) => {
    const value = valueAt(at);
    const container =
      typeof value === "object" && value !== null && !Array.isArray(value) ? value : at.container;
    if (!Array.isArray(container)) put({ container, key: chosen(inheritedKeys, way) }, { replicas: 3 });
  },
  exchanged: (at, way, places) => {
    const other = chosen(places, way);
    const [one, two] = [structuredClone(valueAt(at)), structuredClone(valueAt(other))];
    put(at, two);
    put(other, one);
  },
};

function onValues(mutate: ValueMutation): Mutation {
  return (text, { place, way }) => {
    const values = valuesOf(text);
    const places = placesIn(values);
    mutate(chosen(places, place), way, places);
    return values
      .map((value) => dump(value, { lineWidth: -1, noRefs: true, skipInvalid: true }))
      .join("---\n");
  };
}

/** The ways to break a document as a value, by name: what remains is YAML, and wrong or odd as a document. */
export const valueMutations: Readonly<Record<string, Mutation>> = Object.fromEntries(
  Object.entries(mutationsOfValues).map(([name, mutate]) => [name, onValues(mutate)]),
);
