/** Where on AWS the managed systems are made, and who may reach them. */
export interface AwsArgs {
  /** Begins every name that AWS wants to be unique: in the account and region, and of buckets in the world. */
  readonly name: string;
  readonly region: string;
  /** Twelve digits; credentials of another account are refused. */
  readonly accountId: string;
  readonly vpcId: string;
  /** Private subnets in different zones. */
  readonly subnets: readonly AwsSubnet[];
  /** Security groups of the cluster's nodes, or of its pods where those have their own. */
  readonly clientSecurityGroupIds: readonly string[];
  /** Networks outside the cluster that may administer Kafka, where this program runs in one. @default none */
  readonly administrationAddressBlocks?: readonly string[];
  /** The cluster's OIDC provider in IAM, by which pods take on roles. @default none */
  readonly oidcProviderArn?: string;
  /** Encrypts everything at rest. @default a key of the stack's own */
  readonly kmsKeyArn?: string;
  /** Tags of every resource beside our own. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A subnet, with the addresses in it: network policies know no subnets. */
export interface AwsSubnet {
  readonly id: string;
  /** Such as `10.0.1.0/24`. */
  readonly addressBlock: string;
}
