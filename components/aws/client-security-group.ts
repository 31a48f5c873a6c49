import { SecurityGroup } from "@pulumi/aws/ec2";
import { SecurityGroupEgressRule, SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import type { AwsAccount } from "./aws-account";

/** Arguments of {@link ClientSecurityGroup}. */
export interface ClientSecurityGroupArgs {
  readonly account: AwsAccount;
  /** What it guards, in words. */
  readonly description: string;
  /** Ports that the cluster's nodes may reach. */
  readonly ports: readonly number[];
  /** Ports that administrators outside the cluster may reach as well. @default none */
  readonly administrationPorts?: readonly number[];
}

/**
 * The security group of a managed system: the cluster's nodes reach its ports, its own members each other, and nobody
 * else anything; it reaches nobody.
 */
export class ClientSecurityGroup extends Component {
  readonly groupId: pulumi.Output<string>;

  constructor(name: string, args: ClientSecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:ClientSecurityGroup", name, opts);
    const { account, ports, administrationPorts = [] } = args;
    const { provider } = account;
    const { vpcId, clientSecurityGroupIds, administrationAddressBlocks = [] } = account.args;
    this.groupId = this.child(
      SecurityGroup,
      "",
      { name: account.nameOf(name), description: args.description, vpcId },
      { provider },
    ).id;
    for (const port of ports) {
      clientSecurityGroupIds.forEach((referencedSecurityGroupId) => {
        this.letIn(account, port, `${port}-${referencedSecurityGroupId}`, { referencedSecurityGroupId });
      });
    }
    for (const port of administrationPorts) {
      administrationAddressBlocks.forEach((cidrIpv4) => {
        this.letIn(account, port, `${port}-${cidrIpv4}`, { cidrIpv4 });
      });
    }
    const members = {
      securityGroupId: this.groupId,
      referencedSecurityGroupId: this.groupId,
      ipProtocol: "tcp",
      fromPort: 0,
      toPort: 65_535,
      description: "Members of the group",
    };
    this.child(SecurityGroupIngressRule, "members", members, { provider });
    this.child(SecurityGroupEgressRule, "members", members, { provider });
    this.registerOutputs({ groupId: this.groupId });
  }

  private letIn(
    { provider }: AwsAccount,
    port: number,
    suffix: string,
    client: { readonly referencedSecurityGroupId: string } | { readonly cidrIpv4: string },
  ): void {
    this.child(
      SecurityGroupIngressRule,
      suffix,
      { securityGroupId: this.groupId, ipProtocol: "tcp", fromPort: port, toPort: port, ...client },
      { provider },
    );
  }
}
