import { Alias, Key } from "@pulumi/aws/kms";
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import type { NetworkAddress } from "../platform-services";
import type { AwsArgs, AwsSubnet } from "./aws-args";
import { encryptionKeyPolicy } from "./encryption-key-policy";
import { partitionOf, type Partition } from "./partition";

/** Arguments of {@link AwsAccount}. */
export interface AwsAccountArgs extends AwsArgs {
  /** Whether the key outlives the stack, as the data does that it encrypts. */
  readonly retainData: boolean;
}

/** What all managed systems of a stack share: the provider, the key, and the network that they are in. */
export class AwsAccount extends Component {
  readonly provider: Provider;
  /** The key that encrypts everything at rest. */
  readonly keyArn: pulumi.Output<string>;
  readonly args: AwsArgs;
  readonly partition: Partition;

  constructor(name: string, args: AwsAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:AwsAccount", name, opts);
    this.args = args;
    this.partition = partitionOf(args.region);
    this.provider = this.child(Provider, "", {
      region: args.region,
      allowedAccountIds: [args.accountId],
      defaultTags: { tags: { "app.kubernetes.io/part-of": "algo.run", ...args.tags } },
    });
    this.keyArn = args.kmsKeyArn === undefined ? this.makeKey(args) : pulumi.output(args.kmsKeyArn);
    this.registerOutputs({ keyArn: this.keyArn });
  }

  /** What other stacks need in order to add to this place. */
  get handover(): pulumi.Inputs {
    return { ...this.args, kmsKeyArn: this.keyArn };
  }

  /** The name of a system, unique in the account and region. */
  nameOf(system: string): string {
    return `${this.args.name}-${system}`;
  }

  /** Where pods reach what stands in our subnets. */
  address(ports: readonly number[]): NetworkAddress {
    return {
      peers: this.args.subnets.map(({ addressBlock }) => ({ ipBlock: { cidr: addressBlock } })),
      ports,
    };
  }

  /**
   * The first subnets of the stack's.
   *
   * @throws Error when there are fewer
   */
  subnets(count: number): readonly AwsSubnet[] {
    const { subnets } = this.args;
    if (subnets.length < count) throw new Error(`subnets: found ${subnets.length}, expected ${count}`);
    return subnets.slice(0, count);
  }

  /**
   * The cluster's OIDC provider, by which pods take on roles.
   *
   * @throws Error when the stack has none
   */
  oidcProviderArn(): string {
    const { oidcProviderArn } = this.args;
    if (oidcProviderArn === undefined) throw new Error("roles of pods need the cluster's OIDC provider");
    return oidcProviderArn;
  }

  /** Without the key, what is retained can't be read: it stays with the data. */
  private makeKey(args: AwsAccountArgs): pulumi.Output<string> {
    const options = { provider: this.provider, retainOnDelete: args.retainData };
    const key = this.child(
      Key,
      "key",
      {
        description: `Data of ${args.name}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: encryptionKeyPolicy(args),
      },
      options,
    );
    this.child(Alias, "key", { name: `alias/${args.name}`, targetKeyId: key.keyId }, options);
    return key.arn;
  }
}
