import { z } from "zod";
import { yamlText } from "./manifests";
import type { RegisteredResource } from "./record-program";

const topicSchema = z.object({
  name: z.string(),
  partitions: z.number(),
  replicationFactor: z.number(),
  config: z.record(z.string(), z.unknown()).optional(),
});

const aclSchema = z.object({
  aclPrincipal: z.string(),
  aclHost: z.string(),
  aclOperation: z.string(),
  aclPermissionType: z.string(),
  aclResourceType: z.string(),
  aclResourceName: z.string(),
  resourcePatternTypeFilter: z.string(),
});

const userSchema = z.object({
  username: z.string(),
  scramMechanism: z.string(),
  scramIterations: z.number().optional(),
  password: z.string(),
});

const secretSchema = z.object({
  kind: z.literal("Secret"),
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  stringData: z.record(z.string(), z.string()),
});

/** Where the rest of the program keeps a password: a key of a Secret. */
interface PasswordPlace {
  readonly namespace: string;
  readonly secret: string;
  readonly key: string;
}

/**
 * What Kafka must be told: its topics, its users and what each may do, as lists in plain YAML that no program but a
 * person's own reads. Passwords are not in them; a user says which Secret has its own.
 *
 * @param resources - all that the program registered
 * @returns contents by file name
 */
export function kafkaLists(resources: readonly RegisteredResource[]): Readonly<Record<string, string>> {
  const topics = inputsOf(resources, "kafka:index/topic:Topic", topicSchema);
  const acls = inputsOf(resources, "kafka:index/acl:Acl", aclSchema).map((acl) => ({
    principal: acl.aclPrincipal,
    host: acl.aclHost,
    operation: acl.aclOperation,
    permission: acl.aclPermissionType,
    resourceType: acl.aclResourceType,
    resourceName: acl.aclResourceName,
    patternType: acl.resourcePatternTypeFilter,
  }));
  const places = passwordPlaces(resources);
  const users = inputsOf(resources, "kafka:index/userScramCredential:UserScramCredential", userSchema).map(
    ({ password, username, scramMechanism, scramIterations }) => {
      const place = places.get(password);
      if (place === undefined) throw new Error(`no Secret has the password of ${username}`);
      return { username, mechanism: scramMechanism, iterations: scramIterations, passwordFrom: place };
    },
  );
  const lists = { "kafka/topics.yaml": topics, "kafka/users.yaml": users, "kafka/access.yaml": acls };
  return Object.fromEntries(
    Object.entries(lists)
      .filter(([, list]) => list.length > 0)
      .map(([file, list]) => [file, yamlText(JSON.parse(JSON.stringify(list)))]),
  );
}

function inputsOf<Schema extends z.ZodType>(
  resources: readonly RegisteredResource[],
  type: string,
  schema: Schema,
): readonly z.infer<Schema>[] {
  return resources.filter((resource) => resource.type === type).map(({ inputs }) => schema.parse(inputs));
}

/** The first place of each password, by namespace and name. */
function passwordPlaces(resources: readonly RegisteredResource[]): ReadonlyMap<string, PasswordPlace> {
  const places = resources.flatMap(({ inputs }) => {
    const parsed = secretSchema.safeParse(inputs);
    if (!parsed.success) return [];
    const { metadata, stringData } = parsed.data;
    return Object.entries(stringData).map(([key, value]) => {
      const place: PasswordPlace = { namespace: metadata.namespace, secret: metadata.name, key };
      return [value, place] as const;
    });
  });
  return new Map(places.reverse());
}
