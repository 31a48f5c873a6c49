import type * as pulumi from "@pulumi/pulumi";
import type { MappingSpec } from "./ambassador-kinds";
import { AmbassadorResource, type AmbassadorResourceArgs } from "./ambassador-resource";

/** Arguments of {@link Mapping}. */
export type MappingArgs = AmbassadorResourceArgs<MappingSpec>;

/** A route of Ambassador's: which requests go to which service. */
export class Mapping extends AmbassadorResource<"Mapping"> {
  constructor(name: string, args?: MappingArgs, opts?: pulumi.CustomResourceOptions) {
    super("Mapping", name, args, opts);
  }
}
