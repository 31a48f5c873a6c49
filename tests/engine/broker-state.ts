import { AclOperations, AclPermissionTypes, ResourcePatternTypes, ResourceTypes } from "@platformatic/kafka";
import { kafkaExporterUser } from "../../components/backend/kafka-exporter/kafka-exporter";
import { allowedOperations } from "../../components/data/kafka/access";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { watchedKafka } from "../../pipelines/observability/watched";
import { administer, type KafkaLogin } from "../software/kafka-client";
import type { EngineEnvironment } from "./engine-environment";

/** What a broker holds, as sorted lines. */
export interface BrokerState {
  /** `topic partitions` */
  readonly topics: readonly string[];
  /** `user operation type name`, without Kafka's own. */
  readonly access: readonly string[];
  /** Users with a SCRAM credential, without the administrator. */
  readonly users: readonly string[];
}

/** What the plans of some pipelines ask of a broker, and with them the platform's exporter. */
export function expectedState(plans: readonly PipelinePlan[]): BrokerState {
  const watched = plans.map(watchedKafka);
  const shown = watched.flatMap(({ topics, groups }) => [
    ...topics.map((name) => `${kafkaExporterUser} Describe Topic ${name}`.toUpperCase()),
    ...groups.map((name) => `${kafkaExporterUser} Describe Group ${name}`.toUpperCase()),
  ]);
  const identities = plans.flatMap(({ components }) => components.map(({ identity }) => identity));
  return {
    topics: plans
      .flatMap(({ topics }) => topics.map(({ name, partitions }) => `${name} ${partitions}`))
      .sort(),
    access: identities
      .flatMap((identity) =>
        allowedOperations(identity).map(({ operation, resourceType, resourceName }) =>
          `${identity.username} ${operation} ${resourceType} ${resourceName}`.toUpperCase(),
        ),
      )
      .concat(shown)
      .sort(),
    users: [...identities.map(({ username }) => username), kafkaExporterUser].sort(),
  };
}

/** What the broker of an environment holds. */
export async function brokerState(engine: EngineEnvironment, login: KafkaLogin): Promise<BrokerState> {
  const described = await engine.tool("kafka-configs", "--describe", "--entity-type", "users");
  const users = [...described.matchAll(/SCRAM credential configs for user-principal '([^']+)'/g)];
  return administer(login, async (admin) => {
    const names = (await admin.listTopics()).filter((name) => !name.startsWith("__"));
    const { topics } = await admin.metadata({ topics: names });
    const filter = {
      resourceType: ResourceTypes.ANY,
      resourceName: null,
      resourcePatternType: ResourcePatternTypes.ANY,
      principal: null,
      host: null,
      operation: AclOperations.ANY,
      permissionType: AclPermissionTypes.ANY,
    };
    const resources = await admin.describeAcls({ filter });
    return {
      topics: [...topics].map(([name, { partitionsCount }]) => `${name} ${partitionsCount}`).sort(),
      access: resources
        .flatMap(({ resourceType, resourceName, acls }) =>
          acls.map(({ principal, operation }) => {
            const type = nameOf(ResourceTypes, resourceType).replace("_", "");
            return `${principal.replace(/^User:/, "")} ${nameOf(AclOperations, operation)} ${type} ${resourceName}`.toUpperCase();
          }),
        )
        .sort(),
      users: users
        .flatMap(([, user]) => (user === undefined || user === login.username ? [] : [user]))
        .sort(),
    };
  });
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(names).find(([, code]) => code === value)?.[0] ?? String(value);
}
