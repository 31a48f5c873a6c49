import { z } from "zod";

/** The place on AWS of a platform, as its stack tells others. */
export const awsHandoverSchema = z.object({
  name: z.string(),
  region: z.string(),
  accountId: z.string(),
  vpcId: z.string(),
  subnets: z.array(z.object({ id: z.string(), addressBlock: z.string() })),
  clientSecurityGroupIds: z.array(z.string()),
  administrationAddressBlocks: z.array(z.string()).optional(),
  oidcProviderArn: z.string().optional(),
  /** The key that the platform's stack made, or was given: what pipelines add is encrypted with it as well. */
  kmsKeyArn: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
});
