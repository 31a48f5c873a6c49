import type * as pulumi from "@pulumi/pulumi";
import { handoverOf } from "../../handover";
import type { KafkaService } from "../../platform-services";
import type { KafkaAdministrator } from "./administration";
import { kafkaHandoverSchema, type KafkaHandover } from "./kafka-handover";

/** What other stacks are told of a Kafka that is administered by a password. */
export function scramHandover(
  service: Omit<KafkaService, "createUser">,
  administrator: KafkaAdministrator,
): pulumi.Output<KafkaHandover> {
  return handoverOf(kafkaHandoverSchema, {
    kind: "scram",
    bootstrapServers: service.bootstrapServers,
    securityProtocol: service.securityProtocol,
    caCertificate: service.caCertificate,
    brokerCount: service.brokerCount,
    address: service.address,
    administrator,
  });
}
