import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { handoverOf, type HandsOver } from "../../handover";
import type { BucketAccess, BucketArgs, NetworkAddress, ObjectStorageService } from "../../platform-services";
import { checkBucketName } from "./bucket-name";
import { storageHandoverSchema, type StorageHandover } from "./storage-handover";

/** Arguments of {@link ExternalObjectStorage}. */
export interface ExternalObjectStorageArgs {
  /** Address with scheme, such as `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly region: string;
  /** Access key of a user that can read and write the buckets. */
  readonly accessKeyId: pulumi.Input<string>;
  readonly secretAccessKey: pulumi.Input<string>;
  /** Address blocks of the endpoint, which network policies let pods reach. */
  readonly addressBlocks: readonly string[];
}

/**
 * Amazon S3, or any S3-compatible storage that somebody else runs. Its buckets must exist: nothing here may make any.
 * All pipelines use the one access key that is given, which should reach no more than their buckets.
 */
export class ExternalObjectStorage
  extends Component
  implements ObjectStorageService, HandsOver<StorageHandover>
{
  readonly endpoint: pulumi.Output<string>;
  readonly region: string;
  readonly address: NetworkAddress;
  readonly handover: pulumi.Output<StorageHandover>;
  private readonly args: ExternalObjectStorageArgs;

  constructor(name: string, args: ExternalObjectStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:ExternalObjectStorage", name, opts);
    this.args = args;
    this.endpoint = pulumi.output(args.endpoint);
    this.region = args.region;
    this.address = {
      peers: args.addressBlocks.map((cidr) => ({ ipBlock: { cidr } })),
      ports: [portOf(args.endpoint)],
    };
    const { endpoint, region, accessKeyId, secretAccessKey, addressBlocks } = args;
    this.handover = handoverOf(storageHandoverSchema, {
      kind: "external",
      endpoint,
      region,
      accessKeyId,
      secretAccessKey,
      addressBlocks,
    });
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /**
   * The access to a bucket that is there.
   *
   * @throws Error for a name that S3 refuses
   */
  createBucket({ name }: BucketArgs): BucketAccess {
    checkBucketName(name);
    return {
      bucket: pulumi.output(name),
      login: {
        kind: "key",
        accessKeyId: pulumi.output(this.args.accessKeyId),
        secretAccessKey: pulumi.secret(this.args.secretAccessKey),
      },
      ready: [],
    };
  }
}

/**
 * The port of an address.
 *
 * @throws Error for what is no http or https address
 */
export function portOf(endpoint: string): number {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Error(
      `endpoint of the object storage: found ${endpoint}, expected an address such as https://s3.eu-central-1.amazonaws.com`,
    );
  }
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}
