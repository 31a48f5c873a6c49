import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import type { KafkaService, KafkaUserArgs } from "../../platform-services";

/**
 * Makes a user in a Kafka that takes users by its own protocol.
 *
 * @returns what must exist before the user logs in
 */
export function createScramUser(
  { provider, saslMechanism }: Pick<KafkaService, "provider" | "saslMechanism">,
  name: string,
  { username, password }: KafkaUserArgs,
  opts: pulumi.ComponentResourceOptions,
): readonly pulumi.Resource[] {
  return [
    new kafka.UserScramCredential(
      name,
      { username, scramMechanism: saslMechanism, password },
      // Kafka knows a user by its name, and a second of the same name would be the same.
      pulumi.mergeOptions(opts, { provider, deleteBeforeReplace: true }),
    ),
  ];
}
