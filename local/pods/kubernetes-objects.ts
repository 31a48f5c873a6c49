import { z } from "zod";

/** A port by its number, or by the name that a container gives it. */
const portSchema = z.union([z.number().int(), z.string()]);

const probeSchema = z.object({
  httpGet: z.object({ path: z.string().default("/"), port: portSchema }).optional(),
  tcpSocket: z.object({ port: portSchema }).optional(),
});

/** A probe: only what asks over the network can be asked of a process. */
export type ProbeObject = z.infer<typeof probeSchema>;

const keySchema = z.object({ name: z.string(), key: z.string(), optional: z.boolean().default(false) });

const variableSchema = z.object({
  name: z.string(),
  value: z.string().default(""),
  valueFrom: z
    .object({
      fieldRef: z.object({ fieldPath: z.string() }).optional(),
      secretKeyRef: keySchema.optional(),
      configMapKeyRef: keySchema.optional(),
    })
    .optional(),
});

/** A variable of a container. */
export type VariableObject = z.infer<typeof variableSchema>;

const containerSchema = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).default([]),
  env: z.array(variableSchema).default([]),
  ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number().int() })).default([]),
  readinessProbe: probeSchema.optional(),
  startupProbe: probeSchema.optional(),
  /** Of an init container: `Always` makes it a sidecar. */
  restartPolicy: z.string().optional(),
  volumeMounts: z
    .array(z.object({ name: z.string(), mountPath: z.string(), subPath: z.string().optional() }))
    .default([]),
});

/** A container of a pod. */
export type ContainerObject = z.infer<typeof containerSchema>;

const itemsSchema = z.array(z.object({ key: z.string(), path: z.string() })).optional();

const volumeSchema = z.looseObject({
  name: z.string(),
  configMap: z.object({ name: z.string(), items: itemsSchema }).optional(),
  secret: z.object({ secretName: z.string(), items: itemsSchema }).optional(),
  emptyDir: z.unknown().optional(),
});

/** A volume of a pod; of any other kind than these a process has none. */
export type VolumeObject = z.infer<typeof volumeSchema>;

const templateSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }).default({ labels: {} }),
  spec: z.object({
    restartPolicy: z.string().default("Always"),
    initContainers: z.array(containerSchema).default([]),
    containers: z.array(containerSchema).min(1),
    volumes: z.array(volumeSchema).default([]),
  }),
});

/** What the pods of a workload are made from. */
export type PodTemplate = z.infer<typeof templateSchema>;

const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
});

const workloadSchema = z.object({
  kind: z.enum(["Deployment", "StatefulSet", "Job"]),
  metadata: metadataSchema,
  spec: z.object({
    replicas: z.number().int().default(1),
    template: templateSchema,
    volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })).default([]),
  }),
});

/** What makes pods. */
export type Workload = z.infer<typeof workloadSchema>;

const serviceSchema = z.object({
  kind: z.literal("Service"),
  metadata: metadataSchema,
  spec: z.object({
    selector: z.record(z.string(), z.string()).default({}),
    ports: z.array(z.object({ port: z.number().int(), targetPort: portSchema.optional() })).default([]),
  }),
});

/** A Service, which leads to the pods that its selector fits. */
export type ServiceObject = z.infer<typeof serviceSchema>;

const textsSchema = z.record(z.string(), z.string()).default({});

const configMapSchema = z.object({
  kind: z.literal("ConfigMap"),
  metadata: metadataSchema,
  data: textsSchema,
});

/** Rendered, a Secret has `stringData`; read from the API server, `data` in base64. */
const secretSchema = z.object({
  kind: z.literal("Secret"),
  metadata: metadataSchema,
  data: textsSchema,
  stringData: textsSchema,
});

const objectSchema = z.discriminatedUnion("kind", [
  workloadSchema,
  serviceSchema,
  configMapSchema,
  secretSchema,
]);

const kinds = ["Deployment", "StatefulSet", "Job", "Service", "ConfigMap", "Secret"];

const anyObjectSchema = z.looseObject({ kind: z.string() });

/** Texts by key. */
export type Texts = Readonly<Record<string, string>>;

/** The objects that pods are made from, whether rendered or read from the API server. */
export interface PodObjects {
  readonly workloads: readonly Workload[];
  readonly services: readonly ServiceObject[];
  /** By `namespace/name`. */
  readonly configMaps: Readonly<Record<string, Texts>>;
  /** In clear, by `namespace/name`. */
  readonly secrets: Readonly<Record<string, Texts>>;
}

/**
 * Sorts Kubernetes objects; kinds that pods are not made from are left out.
 *
 * @throws ZodError when one has not the form of its kind
 */
export function podObjects(objects: readonly unknown[]): PodObjects {
  const parsed = objects.flatMap((object) =>
    kinds.includes(anyObjectSchema.parse(object).kind) ? [objectSchema.parse(object)] : [],
  );
  const workloads: Workload[] = [];
  const services: ServiceObject[] = [];
  const configMaps: Record<string, Texts> = {};
  const secrets: Record<string, Texts> = {};
  for (const object of parsed) {
    const key = objectKey(object.metadata.namespace, object.metadata.name);
    if (object.kind === "ConfigMap") configMaps[key] = object.data;
    else if (object.kind === "Secret") secrets[key] = { ...decoded(object.data), ...object.stringData };
    else if (object.kind === "Service") services.push(object);
    else workloads.push(object);
  }
  return { workloads, services, configMaps, secrets };
}

/** How {@link PodObjects} calls a ConfigMap or a Secret. */
export function objectKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function decoded(data: Texts): Texts {
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString("utf8")]),
  );
}
