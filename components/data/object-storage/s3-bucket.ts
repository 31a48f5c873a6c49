import {
  Bucket,
  BucketLifecycleConfiguration,
  BucketOwnershipControls,
  BucketPolicy,
  BucketPublicAccessBlock,
  BucketServerSideEncryptionConfiguration,
  BucketVersioning,
} from "@pulumi/aws/s3";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { BucketAccess, BucketArgs, BucketRoles } from "../../platform-services";
import { tlsOnlyPolicy } from "./s3-policies";
import type { S3ObjectStorageArgs } from "./s3-object-storage";
import { S3Roles } from "./s3-roles";

/** Arguments of {@link S3Bucket}. */
export interface S3BucketArgs extends BucketArgs {
  readonly settings: S3ObjectStorageArgs;
}

/** A bucket that nobody reaches without TLS, that is never public, and that keeps for a while what is thrown away. */
export class S3Bucket extends Component implements BucketAccess {
  readonly bucket: pulumi.Output<string>;
  readonly login: BucketRoles;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: S3BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:S3Bucket", name, opts);
    const { account, retainData, transform } = args.settings;
    const bucket = this.child(
      Bucket,
      "",
      { bucket: args.name, forceDestroy: !retainData },
      { provider: account.provider, transform: transform?.bucket },
    );
    const guards = this.makeGuards(args.settings, bucket);
    const roles = new S3Roles(name, { ...args, account, bucketArn: bucket.arn }, this.childOptions());
    this.bucket = bucket.bucket;
    this.login = roles;
    this.ready = [...guards, ...roles.ready];
    this.registerOutputs({ bucket: this.bucket });
  }

  private makeGuards(settings: S3ObjectStorageArgs, bucket: Bucket): readonly pulumi.Resource[] {
    const { provider, keyArn } = settings.account;
    const options = { provider };
    const target = { bucket: bucket.bucket };
    const publicAccess = this.child(
      BucketPublicAccessBlock,
      "",
      {
        ...target,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      options,
    );
    const versioning = this.child(
      BucketVersioning,
      "",
      { ...target, versioningConfiguration: { status: "Enabled" } },
      options,
    );
    return [
      publicAccess,
      versioning,
      this.child(
        BucketOwnershipControls,
        "",
        { ...target, rule: { objectOwnership: "BucketOwnerEnforced" } },
        options,
      ),
      this.child(
        BucketServerSideEncryptionConfiguration,
        "",
        {
          ...target,
          rules: [
            {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
              bucketKeyEnabled: true,
            },
          ],
        },
        options,
      ),
      this.child(
        BucketLifecycleConfiguration,
        "",
        { ...target, rules: lifecycleRules(settings) },
        // What is said of versions holds only where there are any.
        { ...options, dependsOn: [versioning] },
      ),
      this.child(
        BucketPolicy,
        "",
        { ...target, policy: tlsOnlyPolicy(bucket.arn) },
        // S3 refuses two changes of who may reach a bucket at once.
        { ...options, dependsOn: [publicAccess] },
      ),
    ];
  }
}

function lifecycleRules({ abortUploadsAfterDays, expireVersionsAfterDays }: S3ObjectStorageArgs): Rules {
  return [
    {
      id: "unfinished-uploads",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: abortUploadsAfterDays },
    },
    {
      id: "old-versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: expireVersionsAfterDays },
      // The mark of a deletion, when nothing is left behind it.
      expiration: { expiredObjectDeleteMarker: true },
    },
  ];
}

type Rules = NonNullable<ConstructorParameters<typeof BucketLifecycleConfiguration>[1]["rules"]>;
