import { z } from "zod";
import { isManifest } from "../../render/manifests";
import type { RegisteredResource } from "../../render/record-program";
import { recordStack } from "../../render/rendered-stack";
import { brokerState } from "../engine/broker-state";
import type { EngineEnvironment } from "../engine/engine-environment";
import type { KafkaLogin } from "../software/kafka-client";

/** How a cluster and a broker differ from what a stack is planned to be, as sorted lines. */
export interface Differences {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  /** What is there once more, under a name that was made from its own or twice in a list. */
  readonly doubled: readonly string[];
}

const registered = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});

const found = z.object({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.unknown()).default([]),
  }),
});

const topicInputs = z.object({ name: z.string(), partitions: z.number() });
const userInputs = z.object({ username: z.string() });
const accessInputs = z.object({
  aclPrincipal: z.string(),
  aclOperation: z.string(),
  aclResourceType: z.string(),
  aclResourceName: z.string(),
});

/** What Kubernetes itself puts into each namespace. */
const clusterMade = ["ConfigMap kube-root-ca.crt", "ServiceAccount default"];

/**
 * Compares what a stack is planned to be, as rendering it without any state shows it, with what the API server and the
 * broker have.
 */
export async function compareWithPlan(
  engine: EngineEnvironment,
  administrator: KafkaLogin,
): Promise<Differences> {
  const planned = await recordStack(engine.stack, { folder: engine.environment.layout.directory });
  const objects = await compareObjects(engine, planned);
  const broker = await compareBroker(engine, administrator, planned);
  return {
    missing: [...objects.missing, ...broker.missing],
    extra: [...objects.extra, ...broker.extra],
    doubled: [...objects.doubled, ...broker.doubled],
  };
}

async function compareObjects(
  engine: EngineEnvironment,
  resources: readonly RegisteredResource[],
): Promise<Differences> {
  const planned = resources.filter(isManifest).map(({ inputs }) => registered.parse(inputs));
  const namespaces = new Set(
    planned.flatMap(({ kind, metadata }) => (kind === "Namespace" ? [metadata.name] : [])),
  );
  const kinds = new Set(planned.map(({ apiVersion, kind }) => kindArgument(apiVersion, kind)));
  const objects = await engine.objects(found, [...kinds].join(","), "--all-namespaces");
  const ours = objects.filter(
    ({ kind, metadata: { name, namespace = "", labels, ownerReferences } }) =>
      ownerReferences.length === 0 &&
      !clusterMade.includes(`${kind} ${name}`) &&
      (namespaces.has(namespace) || labels["app.kubernetes.io/part-of"] === "algo.run"),
  );
  const plannedNames = new Set(planned.map(objectName));
  const present = new Set(objects.map(objectName));
  const surplus = ours.map(objectName).filter((name) => !plannedNames.has(name));
  const isCopy = (name: string): boolean => plannedNames.has(name.replace(/-[0-9a-z]{5,8}$/, ""));
  return {
    missing: [...plannedNames].filter((name) => !present.has(name)).sort(),
    extra: surplus.filter((name) => !isCopy(name)).sort(),
    doubled: surplus.filter(isCopy).sort(),
  };
}

async function compareBroker(
  engine: EngineEnvironment,
  administrator: KafkaLogin,
  resources: readonly RegisteredResource[],
): Promise<Differences> {
  const inputsOf = <Schema extends z.ZodType>(type: string, schema: Schema): readonly z.infer<Schema>[] =>
    resources.filter((each) => each.type === `kafka:index/${type}`).map(({ inputs }) => schema.parse(inputs));
  const planned = [
    ...inputsOf("topic:Topic", topicInputs).map(({ name, partitions }) => `topic ${name} ${partitions}`),
    ...inputsOf("acl:Acl", accessInputs).map((acl) => {
      const user = acl.aclPrincipal.replace(/^User:/, "");
      const rule = `${user} ${acl.aclOperation} ${acl.aclResourceType} ${acl.aclResourceName}`;
      return `access ${rule.toUpperCase()}`;
    }),
    ...inputsOf("userScramCredential:UserScramCredential", userInputs).map(
      ({ username }) => `user ${username}`,
    ),
  ];
  const { topics, access, users } = await brokerState(engine, administrator);
  const present = [
    ...topics.map((line) => `topic ${line}`),
    ...access.map((line) => `access ${line}`),
    ...users.map((line) => `user ${line}`),
  ];
  return {
    missing: planned.filter((line) => !present.includes(line)).sort(),
    extra: present.filter((line) => !planned.includes(line)).sort(),
    doubled: present.filter((line, index) => present.indexOf(line) !== index).sort(),
  };
}

/** `kind.version.group`, as kubectl takes kinds of any API. */
function kindArgument(apiVersion: string, kind: string): string {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  return `${kind}.${version}.${group}`;
}

function objectName({
  kind,
  metadata,
}: {
  kind: string;
  metadata: { name: string; namespace?: string | undefined };
}): string {
  return metadata.namespace === undefined
    ? `${kind} ${metadata.name}`
    : `${kind} ${metadata.namespace}/${metadata.name}`;
}
