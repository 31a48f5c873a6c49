import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { BucketAccess, BucketKey, NetworkAddress } from "../../platform-services";
import { firstGeneration } from "../../secret-rotation";
import { JobWorkload } from "../../workload/job-workload";
import { accessKeyOf, retiredKeys } from "./access-keys";
import { bucketJobName } from "./bucket-name";
import { minio } from "./minio";
import { seaweedfs } from "./seaweedfs";
import {
  administratorLabels,
  type StorageContext,
  type StorageEngine,
  type StorageEngineName,
} from "./storage-engine";

/** What differs between the servers, by name. */
export const storageEngines: Readonly<Record<StorageEngineName, StorageEngine>> = { minio, seaweedfs };

/** Arguments of {@link StorageBucket}. */
export interface StorageBucketArgs {
  readonly bucket: string;
  readonly context: StorageContext;
  readonly engine: StorageEngine;
  /** Where the servers are, and what must exist before they answer. */
  readonly servers: { readonly address: NetworkAddress; readonly ready: readonly pulumi.Resource[] };
}

/** A bucket and its user, made by a Job beside the storage. */
export class StorageBucket extends Component implements BucketAccess {
  readonly bucket: pulumi.Output<string>;
  readonly login: BucketKey;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: StorageBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("data:StorageBucket", name, opts);
    const { bucket, context, engine, servers } = args;
    const { generation = firstGeneration } = context.args;
    const secretAccessKey = this.generateSecret("secret-access-key", { length: 40 }, generation).inUse;
    const accessKeyId = accessKeyOf(bucket, generation.inUse);
    const request = { bucket, accessKeyId, secretAccessKey, retired: retiredKeys(bucket, generation) };
    const job = new JobWorkload(
      this.childName("job"),
      {
        ...engine.bucketJob(context, request),
        namespace: context.args.namespace,
        name: bucketJobName(context.name, bucket),
        labels: administratorLabels(context.name),
        defaults: context.args.defaults,
        egress: [servers.address],
      },
      this.childOptions({ dependsOn: [...servers.ready] }),
    );
    this.bucket = pulumi.output(bucket);
    this.login = {
      kind: "key",
      accessKeyId: pulumi.output(accessKeyId),
      secretAccessKey,
    };
    this.ready = [job.nodes.job];
    this.registerOutputs({ bucket: this.bucket });
  }
}
