import { z } from "zod";
import { awsHandoverSchema } from "../../aws/aws-handover";
import { networkAddressSchema } from "../../workload/network-address-schema";

const clients = {
  /** As pods bootstrap from it. */
  bootstrapServers: z.string(),
  securityProtocol: z.enum(["SASL_SSL", "SASL_PLAINTEXT"]),
  caCertificate: z.string().optional(),
  brokerCount: z.number(),
  address: networkAddressSchema,
};

/** What the stack of a platform tells others of its Kafka; passwords are secrets. */
export const kafkaHandoverSchema = z.discriminatedUnion("kind", [
  /** Users are made in Kafka itself, by an administrator with a password. */
  z.object({
    kind: z.literal("scram"),
    ...clients,
    administrator: z.object({
      bootstrapServers: z.array(z.string()),
      username: z.string(),
      password: z.string(),
      caCertificate: z.string().optional(),
      tls: z.boolean(),
    }),
  }),
  /** Users are secrets of AWS, and IAM says who administers. */
  z.object({
    kind: z.literal("msk"),
    ...clients,
    clusterName: z.string(),
    clusterArn: z.string(),
    administrationServers: z.array(z.string()),
    administratorRoleArn: z.string().optional(),
    aws: awsHandoverSchema,
  }),
]);

/** What the stack of a platform tells others of its Kafka. */
export type KafkaHandover = Readonly<z.infer<typeof kafkaHandoverSchema>>;
