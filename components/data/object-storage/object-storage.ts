import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { handoverOf, type HandsOver } from "../../handover";
import type { BucketAccess, BucketArgs, NetworkAddress, ObjectStorageService } from "../../platform-services";
import { imageReference, images } from "../../images";
import { StatefulSetWorkload } from "../../workload/stateful-set-workload";
import { checkBucketName } from "./bucket-name";
import { StorageBucket, storageEngines } from "./storage-bucket";
import type { ObjectStorageArgs, StorageContext, StorageEngine } from "./storage-engine";
import { storageHandoverSchema, type StorageHandover } from "./storage-handover";

/**
 * S3-compatible storage in the cluster. Buckets are made by Jobs, which know the administrator's password so that this
 * program need not reach the storage; a bucket outlives the stack that asked for it, with all objects.
 */
export class ObjectStorage extends Component implements ObjectStorageService, HandsOver<StorageHandover> {
  readonly endpoint: pulumi.Output<string>;
  readonly region = "us-east-1";
  readonly address: NetworkAddress;
  readonly handover: pulumi.Output<StorageHandover>;
  readonly nodes: { readonly servers: StatefulSetWorkload };
  private readonly context: StorageContext;
  private readonly engine: StorageEngine;

  constructor(name: string, args: ObjectStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:ObjectStorage", name, opts);
    this.engine = storageEngines[args.engine ?? "minio"];
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
    this.handover = this.makeHandover();
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /**
   * Makes a bucket, and a user that can read and write it and nothing else.
   *
   * @throws Error for a name that S3 refuses
   */
  createBucket({ name }: BucketArgs, opts: pulumi.ComponentResourceOptions): BucketAccess {
    checkBucketName(name);
    const { servers } = this.nodes;
    return new StorageBucket(
      name,
      {
        bucket: name,
        context: this.context,
        engine: this.engine,
        servers: { address: servers.address(), ready: [servers.nodes.statefulSet] },
      },
      opts,
    );
  }

  private makeHandover(): pulumi.Output<StorageHandover> {
    const { args, name, rootPassword } = this.context;
    const engine = args.engine ?? "minio";
    const client = engine === "minio" ? images.minioClient : images.seaweedfs;
    return handoverOf(storageHandoverSchema, {
      kind: "servers",
      engine,
      name,
      namespace: args.namespace,
      rootPassword,
      image: args.image ?? imageReference(images[engine]),
      clientImage: args.clientImage ?? imageReference(client),
      endpoint: this.endpoint,
      region: this.region,
      address: this.address,
      administrationAddress: this.nodes.servers.address(),
    });
  }
}
