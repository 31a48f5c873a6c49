import * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "../../aws/aws-account";
import type { BucketAccess, BucketArgs, NetworkAddress, ObjectStorageService } from "../../platform-services";
import type { SecretGeneration } from "../../secret-rotation";
import type { PodDefaults } from "../../workload/pod-defaults";
import { checkBucketName } from "./bucket-name";
import { ExternalObjectStorage } from "./external-object-storage";
import { S3ObjectStorage } from "./s3-object-storage";
import { StorageBucket, storageEngines } from "./storage-bucket";
import type { StorageHandover } from "./storage-handover";

type ServersHandover = Extract<StorageHandover, { readonly kind: "servers" }>;
type S3Handover = Extract<StorageHandover, { readonly kind: "s3" }>;

/** What a storage is made from that another stack hands over. */
export interface HandedOverStorageArgs {
  /** What the platform's stack said. */
  readonly handover: StorageHandover;
  /** What the environment decides about the pods of Jobs. */
  readonly defaults: PodDefaults;
  /** Of the buckets' access keys. @default the first */
  readonly generation?: SecretGeneration | undefined;
  /** Whether buckets outlive their pipelines. */
  readonly retainData: boolean;
  /** Where AWS is, for S3. */
  readonly account: (args: S3Handover["aws"]) => AwsAccount;
}

/** The object storage of a platform that another stack makes. */
export function handedOverStorage(
  name: string,
  { handover, defaults, generation, retainData, account }: HandedOverStorageArgs,
  opts: pulumi.ComponentResourceOptions,
): ObjectStorageService {
  switch (handover.kind) {
    case "servers":
      return new HandedOverServers(handover, defaults, generation);
    case "external": {
      const secretAccessKey = pulumi.secret(handover.secretAccessKey);
      return new ExternalObjectStorage(name, { ...handover, secretAccessKey }, opts);
    }
    case "s3": {
      const { aws, ...settings } = handover;
      return new S3ObjectStorage(name, { ...settings, retainData, account: account(aws) }, opts);
    }
  }
}

/** Servers in the cluster that another stack makes. A Job beside them makes each bucket and its user. */
class HandedOverServers implements ObjectStorageService {
  readonly endpoint: pulumi.Output<string>;
  readonly region: string;
  readonly address: NetworkAddress;

  constructor(
    private readonly servers: ServersHandover,
    private readonly defaults: PodDefaults,
    private readonly generation: SecretGeneration | undefined,
  ) {
    this.endpoint = pulumi.output(servers.endpoint);
    this.region = servers.region;
    this.address = servers.address;
  }

  /**
   * Makes a bucket, and a user that can read and write it and nothing else.
   *
   * @throws Error for a name that S3 refuses
   */
  createBucket({ name: bucket }: BucketArgs, opts: pulumi.ComponentResourceOptions): BucketAccess {
    checkBucketName(bucket);
    const { name, engine, namespace, image, clientImage, rootPassword, administrationAddress } = this.servers;
    const context = {
      args: {
        namespace,
        image,
        clientImage,
        defaults: this.defaults,
        ...(this.generation && { generation: this.generation }),
      },
      name,
      clients: [],
      rootPassword: pulumi.secret(rootPassword),
    };
    const servers = { address: administrationAddress, ready: [] };
    return new StorageBucket(bucket, { bucket, context, engine: storageEngines[engine], servers }, opts);
  }
}
