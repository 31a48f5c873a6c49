import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { contentHash } from "./stable-text";
import { ownershipLabels } from "./labels";

/** Arguments of {@link SharedFiles}. */
export interface SharedFilesArgs {
  readonly namespace: pulumi.Input<string>;
  /** Number of ConfigMaps; another number moves files about. */
  readonly parts: number;
}

/** Where others may put files. */
export interface SharedFolder {
  readonly namespace: pulumi.Output<string>;
  /** Names of ConfigMaps, always in the same order. */
  readonly configMaps: readonly pulumi.Output<string>[];
}

/**
 * A folder that many bring files to, each by itself, and that is mounted without a restart when one comes or goes. It is
 * made of several ConfigMaps, since each holds a mebibyte at most. They are made empty: server-side apply leaves every
 * key to who has put it there.
 */
export class SharedFiles extends Component implements SharedFolder {
  readonly namespace: pulumi.Output<string>;
  readonly configMaps: readonly pulumi.Output<string>[];

  constructor(name: string, args: SharedFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workload:SharedFiles", name, opts);
    this.namespace = pulumi.output(args.namespace);
    this.configMaps = Array.from({ length: args.parts }, (_, part) => {
      const metadata = { name: `${name}-${part}`, namespace: args.namespace, labels: ownershipLabels };
      return this.child(k8s.core.v1.ConfigMap, String(part), { metadata }).metadata.name;
    });
    this.registerOutputs({ configMaps: this.configMaps });
  }
}

/** Number of the ConfigMap, from 0, that the files of somebody go to: the same one whoever else is there. */
export function partNumber(owner: string, parts: number): number {
  return Number.parseInt(contentHash(owner).slice(0, 8), 16) % parts;
}

/** The ConfigMap of a folder that the files of somebody go to. */
export function partFor({ configMaps }: SharedFolder, owner: string): pulumi.Output<string> {
  const part = configMaps[partNumber(owner, configMaps.length)];
  if (part === undefined) throw new Error("a shared folder needs at least one ConfigMap");
  return part;
}
