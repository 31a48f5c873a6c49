import { notYetKnown, type Value } from "./value";

/**
 * A place in a resource: where it is, and what stands there. Going deeper never fails; what lies below
 * something absent is absent, and what lies below something not yet known is not yet known.
 */
export class Field {
  /**
   * @param path - as a person would write it: `spec.containers[0].image`; "" is the resource itself
   * @param value - what stands there; undefined when nothing does
   * @param keys - keys and positions that lead there
   */
  constructor(
    readonly path: string,
    readonly value: Value | undefined,
    readonly keys: readonly (string | number)[] = [],
  ) {}

  /** Whether nothing stands here; null counts as nothing, as it does for Kubernetes. */
  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** Whether the value is computed during the update. A rule gives it the benefit of the doubt. */
  get isUnknown(): boolean {
    return this.value === notYetKnown;
  }

  /** Goes down one key after another. */
  at(...keys: readonly string[]): Field {
    return keys.reduce<Field>((here, key) => here.child(key), this);
  }

  /** The same value as if it stood under a key: for comparing maps that are written one level apart. */
  under(key: string): Field {
    return new Field(this.path, { [key]: this.value ?? null }, this.keys);
  }

  /** The elements of a list; none when this is no list. */
  get items(): readonly Field[] {
    if (!isList(this.value)) return [];
    return this.value.map(
      (value, index) => new Field(`${this.path}[${index}]`, value, [...this.keys, index]),
    );
  }

  /** The entries of a map by key, sorted; none when this is no map. */
  get entries(): readonly (readonly [key: string, field: Field])[] {
    if (!isMap(this.value)) return [];
    return Object.keys(this.value)
      .sort()
      .map((key) => [key, this.child(key)]);
  }

  /** The text that stands here; undefined when it is something else. */
  get text(): string | undefined {
    return typeof this.value === "string" ? this.value : undefined;
  }

  /** The number that stands here, also when it is written as text; undefined when it is something else. */
  get number(): number | undefined {
    if (typeof this.value === "number") return this.value;
    if (this.text === undefined || this.text.trim() === "") return undefined;
    const number = Number(this.text);
    return Number.isFinite(number) ? number : undefined;
  }

  /** Whether the value, or anything inside it, is computed during the update. */
  get isPartlyUnknown(): boolean {
    return (
      this.isUnknown ||
      this.items.some(unknownInside) ||
      this.entries.some(([, entry]) => unknownInside(entry))
    );
  }

  /** The texts of a list; what is no text in it is left out. */
  get texts(): readonly string[] {
    return this.items.flatMap(({ text }) => (text === undefined ? [] : [text]));
  }

  /** Whether true stands here, also when it is written as text. */
  get isTrue(): boolean {
    return this.value === true || this.text?.toLowerCase() === "true";
  }

  /** Whether false stands here, also when it is written as text. */
  get isFalse(): boolean {
    return this.value === false || this.text?.toLowerCase() === "false";
  }

  /** The value for a message: text in quotes, `nothing` when absent. */
  get shown(): string {
    if (this.isAbsent) return "nothing";
    if (this.isUnknown) return "a value known after the update";
    return JSON.stringify(this.value);
  }

  private child(key: string): Field {
    const path =
      this.path === "" ? key : `${this.path}${/^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`;
    const keys = [...this.keys, key];
    if (this.isUnknown) return new Field(path, notYetKnown, keys);
    const isThere = isMap(this.value) && Object.hasOwn(this.value, key);
    return new Field(path, isThere ? this.value[key] : undefined, keys);
  }
}

function unknownInside(field: Field): boolean {
  return field.isPartlyUnknown;
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function isMap(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
