import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { formatGuard, type DataFormat, type FormatRule } from "./data-format";
import {
  firstGeneration,
  generationName,
  type RotatedSecret,
  type SecretGeneration,
} from "./secret-rotation";

/** The rooms of the house; the middle part of a component's type token. */
export type Room = "platform" | "workload" | "ingress" | "frontend" | "backend" | "data" | "pipeline";

/**
 * A caller's last word on the arguments of one child: fields to merge over ours, or a pure function
 * of our arguments. A merge goes deep through plain objects, replaces arrays, and treats outputs as values.
 */
export type Transform<Args> = Partial<Args> | ((args: Args, name: string) => Args);

/** Options of one child beside those of its resource. */
export interface ChildOptions<Args> extends pulumi.CustomResourceOptions {
  /** The caller's last word on the child's arguments. */
  readonly transform?: Transform<Args> | undefined;
  /** Whether the object, or its other fields, may be somebody else's: then what others have set is refused. @default false */
  readonly isShared?: boolean;
}

/** A resource class as its constructor looks to us, whether it insists on arguments or not. */
export type ResourceClass<Args, Instance> =
  | (new (name: string, args: Args, opts?: pulumi.CustomResourceOptions) => Instance)
  | (new (name: string, args?: Args, opts?: pulumi.CustomResourceOptions) => Instance);

/**
 * What every component of ours is: typed `algorun:<room>:<Name>`, with {@link Component.child} as the one
 * door to its children, so that names, parents and transforms can't be forgotten.
 */
export abstract class Component extends pulumi.ComponentResource {
  /** The logical name; children are named after it. */
  protected readonly logicalName: string;
  /** What this component waits for: the engine makes its children wait only if each of them says so. */
  private readonly awaited: Pick<pulumi.CustomResourceOptions, "dependsOn">;

  protected constructor(
    type: `${Room}:${string}`,
    name: string,
    opts: pulumi.ComponentResourceOptions | undefined,
  ) {
    super(`algorun:${type}`, name, {}, opts);
    this.logicalName = name;
    this.awaited = { dependsOn: opts?.dependsOn };
  }

  /** Options that make a component a child of this one; it waits for what this one waits for. */
  protected childOptions(opts?: pulumi.ComponentResourceOptions): pulumi.ComponentResourceOptions {
    return pulumi.mergeOptions({ parent: this, ...this.awaited }, opts);
  }

  /** The logical name of a child: ours, a hyphen, the suffix. */
  protected childName(suffix: string): string {
    return suffix === "" ? this.logicalName : `${this.logicalName}-${suffix}`;
  }

  /**
   * Makes a child resource.
   *
   * @param resourceClass - class of the child
   * @param suffix - what the child's logical name has behind ours; "" gives it ours
   * @param args - the child's arguments before the caller's transform
   * @param opts - resource options, and the caller's transform
   */
  protected child<Args extends object, Instance>(
    resourceClass: ResourceClass<Args, Instance>,
    suffix: string,
    args: NoInfer<Args>,
    opts: ChildOptions<NoInfer<Args>> = {},
  ): Instance {
    const { transform, isShared = false, ...resourceOptions } = opts;
    const name = this.childName(suffix);
    const options = pulumi.mergeOptions({ parent: this, ...this.awaited }, resourceOptions);
    const own = isShared ? args : takingFieldsBack(args);
    return new resourceClass(name, applyTransform(own, name, transform), options);
  }

  /**
   * Records what writes this component's volumes, and refuses what could not read them.
   *
   * @param place - config key that names the version
   * @returns what must be there before the volumes are used
   */
  protected recordFormat(format: DataFormat, place: string, rule: FormatRule): pulumi.Resource {
    const record = this.childName("data-format");
    const hooks = { beforeUpdate: [formatGuard(record, place, rule)] };
    return this.child(pulumi.Stash, "data-format", { input: { ...format } }, { hooks });
  }

  /**
   * Makes a secret of letters and digits, which need no quoting anywhere. Each generation is a resource of its own, so
   * that the one before stays what it is: an update makes the new one first, and takes the old one away when everything
   * else is done.
   *
   * @param suffix - what the logical name has behind ours; "" gives the first generation ours
   * @param args - length, and what the provider is told beside it
   */
  protected generateSecret(
    suffix: string,
    args: Pick<random.RandomPasswordArgs, "length" | "keepers">,
    generation: SecretGeneration = firstGeneration,
  ): RotatedSecret {
    const make = (number: number): pulumi.Output<string> => {
      const name = number === 1 ? suffix : generationName(suffix || "password", number);
      return this.child(random.RandomPassword, name, { special: false, ...args }).result;
    };
    const inUse = make(generation.inUse);
    const { previous } = generation;
    const working = [
      { generation: generation.inUse, value: inUse },
      ...(previous === undefined ? [] : [{ generation: previous, value: make(previous) }]),
    ];
    return { inUse, working };
  }
}

/**
 * An object of Kubernetes whose fields are ours whoever else has set them: by hand, or an autoscaler that has gone and left
 * its number behind. Without that an update stops at the conflict. Fields that an option ignores stay the others'. What is
 * in no namespace may be another stack's by the same name, a namespace above all: there the conflict is what keeps
 * two stacks apart.
 */
function takingFieldsBack<Args extends object>(args: Args): Args {
  if (!("metadata" in args) || !isPlainObject(args.metadata) || !("namespace" in args.metadata)) return args;
  return { ...args, ...mergeInto(args, { metadata: { annotations: { "pulumi.com/patchForce": "true" } } }) };
}

/** Gives the arguments after a caller's transform. */
export function applyTransform<Args extends object>(
  args: Args,
  name: string,
  transform: Transform<Args> | undefined,
): Args {
  if (transform === undefined) return args;
  if (typeof transform === "function") return transform(args, name);
  return { ...args, ...mergeInto(args, transform) };
}

function mergeInto(base: object, over: object): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const current = merged[key];
    merged[key] = isPlainObject(current) && isPlainObject(value) ? mergeInto(current, value) : value;
  }
  return merged;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}
