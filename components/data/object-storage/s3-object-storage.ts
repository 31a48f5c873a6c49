import type { BucketArgs as AwsBucketArgs } from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "../../aws/aws-account";
import { Component, type Transform } from "../../component";
import { handoverOf, type HandsOver } from "../../handover";
import type { BucketAccess, BucketArgs, NetworkAddress, ObjectStorageService } from "../../platform-services";
import { checkBucketName } from "./bucket-name";
import { S3Bucket } from "./s3-bucket";
import { storageHandoverSchema, type StorageHandover } from "./storage-handover";

/** What a stack decides about S3. */
export interface S3Settings {
  /** Where pods reach S3 and STS: networks of their VPC endpoints, or the region's public ones. */
  readonly addressBlocks: readonly string[];
  /** Days after which an upload that was not finished is thrown away. */
  readonly abortUploadsAfterDays: number;
  /** Days after which what was replaced or deleted is gone for good. */
  readonly expireVersionsAfterDays: number;
}

/** Arguments of {@link S3ObjectStorage}. */
export interface S3ObjectStorageArgs extends S3Settings {
  readonly account: AwsAccount;
  /** Whether a bucket with objects in it is never deleted. */
  readonly retainData: boolean;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: { readonly bucket?: Transform<AwsBucketArgs> };
}

/**
 * Amazon S3: a bucket for each pipeline, and roles that its pods take on in place of keys.
 *
 * @throws Error when the stack has no OIDC provider
 */
export class S3ObjectStorage extends Component implements ObjectStorageService, HandsOver<StorageHandover> {
  readonly endpoint: pulumi.Output<string>;
  readonly region: string;
  readonly address: NetworkAddress;
  readonly handover: pulumi.Output<StorageHandover>;
  private readonly args: S3ObjectStorageArgs;

  constructor(name: string, args: S3ObjectStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:S3ObjectStorage", name, opts);
    const { account, addressBlocks } = args;
    account.oidcProviderArn();
    this.args = args;
    this.region = account.args.region;
    this.endpoint = pulumi.output(`https://s3.${this.region}.${account.partition.domain}`);
    this.address = { peers: addressBlocks.map((cidr) => ({ ipBlock: { cidr } })), ports: [443] };
    this.handover = handoverOf(storageHandoverSchema, {
      kind: "s3",
      addressBlocks,
      abortUploadsAfterDays: args.abortUploadsAfterDays,
      expireVersionsAfterDays: args.expireVersionsAfterDays,
      aws: account.handover,
    });
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /**
   * Makes a bucket, and a role for each kind of use.
   *
   * @throws Error for a name that S3 refuses
   */
  createBucket(args: BucketArgs, opts: pulumi.ComponentResourceOptions): BucketAccess {
    checkBucketName(args.name);
    return new S3Bucket(args.name, { ...args, settings: this.args }, opts);
  }
}
