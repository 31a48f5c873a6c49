import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  ambassadorGroup,
  ambassadorVersion,
  type AmbassadorSpecs,
  type HostSpec,
  type ListenerSpec,
  type ModuleSpec,
  type RateLimitServiceSpec,
} from "./ambassador-kinds";

/** Arguments of a resource of Ambassador's. */
export interface AmbassadorResourceArgs<Spec> {
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  readonly spec: Spec;
}

/** A resource of Ambassador's, with a typed specification. */
export abstract class AmbassadorResource<Kind extends keyof AmbassadorSpecs>
  extends k8s.apiextensions.CustomResource
{
  protected constructor(
    kind: Kind,
    name: string,
    args: AmbassadorResourceArgs<AmbassadorSpecs[Kind]> | undefined,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    const apiVersion = `${ambassadorGroup}/${ambassadorVersion}`;
    super(name, { apiVersion, kind, metadata: args?.metadata ?? {}, spec: args?.spec }, opts);
  }
}

/** A name that Ambassador answers for; see {@link HostSpec}. */
export class Host extends AmbassadorResource<"Host"> {
  constructor(name: string, args?: AmbassadorResourceArgs<HostSpec>, opts?: pulumi.CustomResourceOptions) {
    super("Host", name, args, opts);
  }
}

/** A port that Ambassador listens on; see {@link ListenerSpec}. */
export class Listener extends AmbassadorResource<"Listener"> {
  constructor(
    name: string,
    args?: AmbassadorResourceArgs<ListenerSpec>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("Listener", name, args, opts);
  }
}

/** Settings of all of Ambassador; see {@link ModuleSpec}. */
export class Module extends AmbassadorResource<"Module"> {
  constructor(name: string, args?: AmbassadorResourceArgs<ModuleSpec>, opts?: pulumi.CustomResourceOptions) {
    super("Module", name, args, opts);
  }
}

/** The service that decides on rate limits; see {@link RateLimitServiceSpec}. */
export class RateLimitServiceResource extends AmbassadorResource<"RateLimitService"> {
  constructor(
    name: string,
    args?: AmbassadorResourceArgs<RateLimitServiceSpec>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("RateLimitService", name, args, opts);
  }
}
