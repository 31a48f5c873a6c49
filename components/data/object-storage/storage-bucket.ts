import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component } from "../../component";
import type { BucketAccess, BucketKey, NetworkAddress } from "../../platform-services";
import { JobWorkload } from "../../workload/job-workload";
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
    const password = this.child(random.RandomPassword, "secret-access-key", { length: 40, special: false });
    const request = { bucket, accessKeyId: bucket, secretAccessKey: password.result };
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
      accessKeyId: pulumi.output(request.accessKeyId),
      secretAccessKey: password.result,
    };
    this.ready = [job.nodes.job];
    this.registerOutputs({ bucket: this.bucket });
  }
}
