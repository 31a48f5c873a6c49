import { z } from "zod";
import type { StateResource } from "./stack-state";

const text = z.string().min(1);
const object = z.object({ metadata: z.object({ name: text, namespace: text.optional() }) });
const topic = z.object({ name: text });
const user = z.object({ username: text, scramMechanism: text });
const access = z.object({
  aclPrincipal: text,
  aclHost: text,
  aclOperation: text,
  aclPermissionType: text,
  aclResourceType: text,
  aclResourceName: text,
  resourcePatternTypeFilter: text,
});

/** Type of a topic. */
export const topicType = "kafka:index/topic:Topic";

/** Type of a user of Kafka. */
export const userType = "kafka:index/userScramCredential:UserScramCredential";

/** What a provider calls a resource, where that follows from its inputs; undefined: the provider chooses it. */
export function identifierOf({ type, inputs }: StateResource): string | undefined {
  if (type.startsWith("kubernetes:")) {
    const metadata = object.safeParse(inputs).data?.metadata;
    return metadata?.namespace === undefined ? metadata?.name : `${metadata.namespace}/${metadata.name}`;
  }
  switch (type) {
    case topicType:
      return topic.safeParse(inputs).data?.name;
    case userType: {
      const named = user.safeParse(inputs).data;
      return named && `${named.username}|${named.scramMechanism}`;
    }
    case "kafka:index/acl:Acl": {
      const rule = access.safeParse(inputs).data;
      return (
        rule &&
        [
          rule.aclPrincipal,
          rule.aclHost,
          rule.aclOperation,
          rule.aclPermissionType,
          rule.aclResourceType,
          rule.aclResourceName,
          rule.resourcePatternTypeFilter,
        ].join("|")
      );
    }
    default:
      return undefined;
  }
}

/**
 * Whether all of a resource is in Pulumi's state, as of a component or a password: nobody can have used one that is not
 * recorded.
 */
export function livesInState({ custom, type }: StateResource): boolean {
  return custom === false || type.startsWith("random:") || type.startsWith("pulumi:");
}
