import { Role, RolePolicy } from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "../../aws/aws-account";
import { Component } from "../../component";
import type { BucketArgs, BucketRoles } from "../../platform-services";
import { contentHash } from "../../workload/stable-text";
import { podTrustPolicy, usePolicy, type BucketUse } from "./s3-policies";

/** Arguments of {@link S3Roles}. */
export interface S3RolesArgs extends BucketArgs {
  readonly account: AwsAccount;
  readonly bucketArn: pulumi.Output<string>;
}

/** Longest name of a role. */
const longestRoleName = 64;

/** The kinds of use, by what a role's name ends with. */
const uses: Readonly<Record<string, BucketUse>> = {
  read: { reads: true, writes: false },
  write: { reads: false, writes: true },
  "read-write": { reads: true, writes: true },
};

/** The roles of those who use a bucket: one for each kind of use that somebody makes of it. */
export class S3Roles extends Component implements BucketRoles {
  readonly kind = "roles";
  readonly audience = "sts.amazonaws.com";
  /** What must exist before pods take on their roles. */
  readonly ready: readonly pulumi.Resource[];
  private readonly roles = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: S3RolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:S3Roles", name, opts);
    this.ready = Object.entries(uses).flatMap(([suffix, use]) => {
      const serviceAccounts = usersOf(args, use);
      return serviceAccounts.length === 0 ? [] : [this.makeRole(suffix, use, args, serviceAccounts)];
    });
    this.registerOutputs();
  }

  roleOf(serviceAccount: string): pulumi.Output<string> {
    const role = this.roles.get(serviceAccount);
    if (role === undefined) throw new Error(`${serviceAccount} has no business with ${this.logicalName}`);
    return role;
  }

  private makeRole(
    suffix: string,
    use: BucketUse,
    { account, bucketArn, namespace }: S3RolesArgs,
    serviceAccounts: readonly string[],
  ): pulumi.Resource {
    const { provider, keyArn } = account;
    const trust = {
      oidcProviderArn: account.oidcProviderArn(),
      audience: this.audience,
      namespace,
      serviceAccounts,
    };
    const role = this.child(
      Role,
      suffix,
      { name: roleName(this.logicalName, suffix), assumeRolePolicy: podTrustPolicy(trust) },
      { provider },
    );
    serviceAccounts.forEach((serviceAccount) => this.roles.set(serviceAccount, role.arn));
    return this.child(
      RolePolicy,
      suffix,
      { name: "bucket", role: role.name, policy: usePolicy(use, bucketArn, keyArn) },
      { provider },
    );
  }
}

/** Those who use the bucket in just this way, sorted. */
function usersOf({ readers, writers }: BucketArgs, use: BucketUse): readonly string[] {
  return [...new Set([...readers, ...writers])]
    .filter((user) => readers.includes(user) === use.reads && writers.includes(user) === use.writes)
    .sort();
}

/** A bucket's name is unique in the world, and so is a role's that begins with it. */
function roleName(bucket: string, suffix: string): string {
  const name = `${bucket}-${suffix}`;
  if (name.length <= longestRoleName) return name;
  const end = `-${contentHash(bucket).slice(0, 8)}-${suffix}`;
  return `${bucket.slice(0, longestRoleName - end.length)}${end}`;
}
