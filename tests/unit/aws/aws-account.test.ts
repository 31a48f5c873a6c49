import assert from "node:assert/strict";
import { AwsAccount, type AwsAccountArgs } from "../../../components/aws/aws-account";
import { ClientSecurityGroup } from "../../../components/aws/client-security-group";
import { awsResources, policyIn, theAwsResource } from "../../harness/aws-resources";
import { deploy, settle, type Deployed } from "../../harness/deploy";
import { theResource } from "../../harness/manifests";
import { awsSettings } from "../../harness/managed-settings";

function account(args: Partial<AwsAccountArgs> = {}): Promise<Deployed<AwsAccount>> {
  return deploy(() => new AwsAccount("aws", { ...awsSettings, retainData: true, ...args }));
}

describe("an account of AWS", () => {
  it("is the only one that resources are made in, and all of them have its tags", async () => {
    const { resources } = await account({ tags: { team: "data" } });
    const { inputs } = theResource(resources, "pulumi:providers:aws", "aws");
    // A provider's arguments that are no texts travel as JSON.
    assert.equal(inputs["region"], "eu-central-1");
    assert.equal(inputs["allowedAccountIds"], '["123456789012"]');
    assert.equal(inputs["defaultTags"], '{"tags":{"app.kubernetes.io/part-of":"algo.run","team":"data"}}');
  });

  it("has a key that is rotated, that is for the account and for logs, and that outlives the data", async () => {
    const { resources, result } = await account();
    const key = theAwsResource(resources, "kms/key:Key");
    assert.equal(key.inputs["enableKeyRotation"], true);
    assert.equal(key.inputs["deletionWindowInDays"], 30);
    assert.equal(key.retainOnDelete, true);
    const { Account, Logs } = policyIn(key, "policy");
    assert.deepEqual(Account?.Principal, { AWS: "arn:aws:iam::123456789012:root" });
    assert.deepEqual(Logs?.Principal, { Service: "logs.eu-central-1.amazonaws.com" });
    assert.deepEqual(Logs.Condition, {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-central-1:123456789012:log-group:*",
      },
    });
    assert.equal(theAwsResource(resources, "kms/alias:Alias").inputs["name"], "alias/acme-prod");
    assert.equal(await settle(result.keyArn), "arn:aws:aws:kms/key:Key:aws-key");
  });

  it("uses a key that is given, and makes none", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/given";
    const { resources, result } = await account({ kmsKeyArn });
    assert.equal(await settle(result.keyArn), kmsKeyArn);
    assert.deepEqual(awsResources(resources, "kms/key:Key"), []);
  });

  it("knows the names of China and of GovCloud", async () => {
    const { resources } = await account({ region: "cn-north-1" });
    const { Account, Logs } = policyIn(theAwsResource(resources, "kms/key:Key"), "policy");
    assert.deepEqual(Account?.Principal, { AWS: "arn:aws-cn:iam::123456789012:root" });
    assert.deepEqual(Logs?.Principal, { Service: "logs.cn-north-1.amazonaws.com.cn" });
    const { result } = await account({ region: "us-gov-west-1" });
    assert.equal(result.partition.name, "aws-us-gov");
  });
});

describe("the security group of a managed system", () => {
  async function rulesOf(blocks: readonly string[]): Promise<Record<string, unknown>[]> {
    const { resources } = await deploy(() => {
      const made = new AwsAccount("aws", {
        ...awsSettings,
        retainData: true,
        administrationAddressBlocks: blocks,
      });
      return new ClientSecurityGroup("kafka", {
        account: made,
        description: "Brokers",
        ports: [9096, 9098],
        administrationPorts: [9098],
      });
    });
    const group = theAwsResource(resources, "ec2/securityGroup:SecurityGroup");
    assert.deepEqual(group.inputs, { name: "acme-prod-kafka", description: "Brokers", vpcId: "vpc-0a1b2c" });
    const inward = awsResources(resources, "vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const outward = theAwsResource(resources, "vpc/securityGroupEgressRule:SecurityGroupEgressRule");
    assert.equal(outward.inputs["referencedSecurityGroupId"], "kafka-id");
    return inward.map(({ inputs }) => ({
      from: inputs["referencedSecurityGroupId"] ?? inputs["cidrIpv4"],
      ports: [inputs["fromPort"], inputs["toPort"]],
    }));
  }

  const members = { from: "kafka-id", ports: [0, 65_535] };
  const nodes = [9096, 9098].map((port) => ({ from: "sg-0d", ports: [port, port] }));

  it("lets in the cluster's nodes, its own members, and nobody else", async () => {
    assert.deepEqual(await rulesOf([]), [...nodes, members]);
  });

  it("lets in administrators where they are said to be, to their port alone", async () => {
    const [first, second] = nodes;
    assert.deepEqual(await rulesOf(["10.9.0.0/16"]), [
      first,
      { from: "10.9.0.0/16", ports: [9098, 9098] },
      second,
      members,
    ]);
  });
});
