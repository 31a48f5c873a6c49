import { z } from "zod";
import type { RegisteredResource } from "./deploy";
import { manifests } from "./manifests";

const quantities = z.record(z.string(), z.string());

const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string(),
  imagePullPolicy: z.string(),
  restartPolicy: z.string().optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
  ports: z.array(z.looseObject({ name: z.string(), containerPort: z.number() })).default([]),
  livenessProbe: z.unknown().optional(),
  readinessProbe: z.unknown().optional(),
  resources: z.object({ requests: quantities, limits: quantities }),
  securityContext: z.unknown(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
});

const templateSchema = z.looseObject({
  metadata: z.looseObject({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.looseObject({
    serviceAccountName: z.string(),
    automountServiceAccountToken: z.boolean(),
    enableServiceLinks: z.boolean(),
    securityContext: z.looseObject({ runAsUser: z.number(), runAsGroup: z.number() }),
    initContainers: z.array(containerSchema).optional(),
    containers: z.array(containerSchema),
    volumes: z.array(z.looseObject({ name: z.string() })),
    topologySpreadConstraints: z.array(z.unknown()).optional(),
    affinity: z.unknown().optional(),
  }),
});

/** A pod template, and whose it is. */
export interface OwnedPodTemplate {
  readonly kind: "Deployment" | "StatefulSet" | "Job" | "CronJob";
  readonly name: string;
  readonly namespace: string | undefined;
  readonly template: z.infer<typeof templateSchema>;
}

/** A container of a pod template. */
export type ContainerManifest = z.infer<typeof containerSchema>;

const metadata = z.looseObject({ name: z.string(), namespace: z.string().optional() });
const templated = z.looseObject({ template: templateSchema });

const workloadSchema = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.enum(["Deployment", "StatefulSet", "Job"]), metadata, spec: templated }),
  z.looseObject({
    kind: z.literal("CronJob"),
    metadata,
    spec: z
      .looseObject({ jobTemplate: z.looseObject({ spec: templated }) })
      .transform(({ jobTemplate }) => jobTemplate.spec),
  }),
]);

const kinds: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "Job", "CronJob"]);

/** Every pod template among the resources. */
export function podTemplates(resources: readonly RegisteredResource[]): OwnedPodTemplate[] {
  return manifests(resources)
    .filter(({ kind }) => kinds.has(kind))
    .map((object) => workloadSchema.parse(object))
    .map(({ kind, metadata, spec }) => ({
      kind,
      ...metadata,
      namespace: metadata.namespace,
      template: spec.template,
    }));
}
