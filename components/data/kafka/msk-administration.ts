import type * as kafka from "@pulumi/kafka";
import type * as pulumi from "@pulumi/pulumi";

/** How a program is administrator of MSK: as an identity of IAM. */
export interface IamAdministration {
  /** `host:port` of brokers, at the port for IAM. */
  readonly administrationServers: pulumi.Input<string[]>;
  readonly region: string;
  /** @default whoever runs this program */
  readonly administratorRoleArn?: string | undefined;
}

/** Arguments of the provider that administers topics and access in MSK. */
export function iamProviderArgs({
  administrationServers,
  region,
  administratorRoleArn,
}: IamAdministration): kafka.ProviderArgs {
  return {
    bootstrapServers: administrationServers,
    saslMechanism: "aws-iam",
    saslAwsRegion: region,
    saslAwsRoleArn: administratorRoleArn,
    tlsEnabled: true,
    skipTlsVerify: false,
  };
}
