import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type {
  BucketAccess,
  BucketArgs,
  BucketKey,
  NetworkAddress,
  ObjectStorageService,
} from "../../platform-services";
import { firstGeneration } from "../../secret-rotation";
import { JobWorkload } from "../../workload/job-workload";
import { StatefulSetWorkload } from "../../workload/stateful-set-workload";
import { bucketJobName, checkBucketName } from "./bucket-name";
import { accessKeyOf, retiredKeys } from "./access-keys";
import { minio } from "./minio";
import { seaweedfs } from "./seaweedfs";
import {
  administratorLabels,
  type ObjectStorageArgs,
  type StorageContext,
  type StorageEngine,
  type StorageEngineName,
} from "./storage-engine";

const engines: Readonly<Record<StorageEngineName, StorageEngine>> = { minio, seaweedfs };

/**
 * S3-compatible storage in the cluster. Buckets are made by Jobs, which know the administrator's password so that this
 * program need not reach the storage; a bucket outlives the stack that asked for it, with all objects.
 */
export class ObjectStorage extends Component implements ObjectStorageService {
  readonly endpoint: pulumi.Output<string>;
  readonly region = "us-east-1";
  readonly address: NetworkAddress;
  readonly nodes: { readonly servers: StatefulSetWorkload };
  private readonly context: StorageContext;
  private readonly engine: StorageEngine;

  constructor(name: string, args: ObjectStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:ObjectStorage", name, opts);
    this.engine = engines[args.engine ?? "minio"];
    const { inUse: rootPassword } = this.generateSecret(
      "root-password",
      { length: 32 },
      args.administratorGeneration,
    );
    const clients = args.clients ?? [
      { namespaceSelector: { matchLabels: { "app.kubernetes.io/part-of": "algo.run" } } },
    ];
    this.context = { args, name: args.name ?? name, clients, rootPassword };
    const servers = new StatefulSetWorkload(
      this.childName("server"),
      this.engine.workload(this.context),
      this.childOptions({ dependsOn: opts?.dependsOn }),
    );
    this.endpoint = pulumi.interpolate`http://${servers.host()}:${this.engine.port}`;
    this.address = servers.address(["s3"]);
    this.nodes = { servers };
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /**
   * Makes a bucket, and a user that can read and write it and nothing else.
   *
   * @throws Error for a name that S3 refuses
   */
  createBucket({ name }: BucketArgs, opts: pulumi.ComponentResourceOptions): BucketAccess {
    checkBucketName(name);
    return new StorageBucket(
      name,
      { bucket: name, context: this.context, engine: this.engine, storage: this },
      opts,
    );
  }
}

interface StorageBucketArgs {
  readonly bucket: string;
  readonly context: StorageContext;
  readonly engine: StorageEngine;
  readonly storage: ObjectStorage;
}

/** A bucket and its user, made by a Job beside the storage. */
class StorageBucket extends Component implements BucketAccess {
  readonly bucket: pulumi.Output<string>;
  readonly login: BucketKey;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: StorageBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("data:StorageBucket", name, opts);
    const { bucket, context, engine, storage } = args;
    const { generation = firstGeneration } = context.args;
    const secretAccessKey = this.generateSecret("secret-access-key", { length: 40 }, generation).inUse;
    const accessKeyId = accessKeyOf(bucket, generation.inUse);
    const request = { bucket, accessKeyId, secretAccessKey, retired: retiredKeys(bucket, generation) };
    const { servers } = storage.nodes;
    const job = new JobWorkload(
      this.childName("job"),
      {
        ...engine.bucketJob(context, request),
        namespace: context.args.namespace,
        name: bucketJobName(context.name, bucket),
        labels: administratorLabels(context.name),
        defaults: context.args.defaults,
        egress: [servers.address()],
      },
      this.childOptions({ dependsOn: [servers.nodes.statefulSet] }),
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
