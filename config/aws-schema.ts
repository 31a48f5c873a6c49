import { z } from "zod";
import { addressBlocks, text } from "./values";

function awsId(kind: "vpc" | "subnet" | "sg"): z.ZodString {
  return z.string().regex(new RegExp(`^${kind}-[0-9a-f]+$`), `${kind}-…`);
}

const accountIdForm = "twelve digits";

const subnet = z
  .strictObject({
    id: awsId("subnet").describe("Its ID"),
    addressBlock: z
      .cidrv4("an address block such as 10.0.1.0/24")
      .describe("Its addresses, which network policies let pods reach"),
  })
  .meta({
    id: "subnet",
    description: "A subnet of the VPC, with its addresses: network policies know no subnets",
  });

/** Where on AWS managed systems are made; what must exist before. */
export const awsSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z](-?[a-z0-9]){2,23}$/,
      "3 to 24 of a-z, 0-9 and single inner hyphens, beginning with a letter",
    )
    .describe(
      "Begins the names of everything on AWS, buckets among them: unique in the world, and never to be changed",
    ),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1")
    .describe("Region"),
  accountId: z
    .string(accountIdForm)
    .regex(/^\d{12}$/, accountIdForm)
    .describe("Account; credentials of another one are refused"),
  vpcId: awsId("vpc").describe("VPC of the cluster"),
  subnets: z
    .array(subnet)
    .min(2, "at least two, in different zones")
    .describe("Private subnets in different zones: two, or three for MSK, which takes the first three"),
  clientSecurityGroupIds: z
    .array(awsId("sg"))
    .min(1, "at least one security group of the cluster's nodes")
    .describe("Security groups of the cluster's nodes, the only ones that reach what is made"),
  administrationAddressBlocks: addressBlocks
    .optional()
    .describe("Networks from which this program reaches MSK, where it does not run in the cluster"),
  oidcProviderArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/.+$/, "arn:aws:iam::…:oidc-provider/…")
    .optional()
    .describe("The cluster's OIDC provider in IAM; S3 needs it, for the roles of pods"),
  kmsKeyArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[^:]+:\d{12}:key\/.+$/, "arn:aws:kms:…:key/…")
    .optional()
    .describe(
      "Key that encrypts everything at rest, which CloudWatch Logs may use; without it the stack makes one",
    ),
  tags: z.record(z.string(), text).optional().describe("Tags of everything that is made"),
});
