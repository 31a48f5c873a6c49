import * as kafka from "@pulumi/kafka";
import type * as pulumi from "@pulumi/pulumi";

/** How this program reaches Kafka as its administrator: not always the way that pods do. */
export interface KafkaAdministrator {
  /** `host:port` of brokers, as seen from where the program runs. */
  readonly bootstrapServers: readonly pulumi.Input<string>[];
  readonly username: string;
  readonly password: pulumi.Input<string>;
  /** PEM of the authority that signed the brokers. @default a public one */
  readonly caCertificate?: pulumi.Input<string> | undefined;
  /** Whether the connection is encrypted. */
  readonly tls: boolean;
}

/** Arguments of the provider that administers topics, access and users. */
export function providerArgs(administrator: KafkaAdministrator): kafka.ProviderArgs {
  return {
    bootstrapServers: [...administrator.bootstrapServers],
    saslMechanism: "scram-sha512",
    saslUsername: administrator.username,
    saslPassword: administrator.password,
    tlsEnabled: administrator.tls,
    caCert: administrator.caCertificate,
    skipTlsVerify: false,
  };
}
