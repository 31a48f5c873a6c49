import { z } from "zod";

/*
 * Messages of formats are noun phrases: the validator prints "found X, expected <message>".
 */

/** Owner or name of a deployment, a pipeline or an algo: part of topics, routes, users and labels. */
export const nameSchema = z
  .string()
  .max(100, "at most 100 characters")
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
    "letters, digits, '.', '_' and '-', with a letter or digit at both ends",
  );

/** Name of an output or input: part of topics and environment variables. */
export const portNameSchema = z
  .string()
  .max(50, "at most 50 characters")
  .regex(/^[A-Za-z0-9]([A-Za-z0-9 ._-]*[A-Za-z0-9])?$/, "letters, digits, spaces, '.', '_' and '-'");

export const versionSchema = z
  .string()
  .max(128, "at most 128 characters")
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, "a version such as 1.4.0 or latest");

export const quantitySchema = z
  .union([z.string(), z.number()], "a quantity such as 500m, 2 or 1Gi")
  .refine(
    (value) => /^\d+(\.\d+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE]\d+)?$/.test(String(value)),
    "a quantity such as 500m, 2 or 1Gi",
  );

/** A quantity of whole bytes, more than none. */
export const byteSizeSchema = quantitySchema.refine(
  (value) => /^[1-9]\d*(\.\d+)?(k|M|G|T|Ki|Mi|Gi|Ti)?$/.test(String(value)),
  "a number of bytes such as 500Ki or 10Mi",
);

export const durationSchema = z
  .string()
  .regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, "a duration such as 500ms, 10s or 1m30s");

export const absolutePathSchema = z
  .string()
  .regex(/^\/[^:]*[^/:]$/, "an absolute path such as /etc/algo/model.json");

/** Name of a request or response header, lower-cased. */
export const headerNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "the name of a header such as x-tenant")
  .transform((name) => name.toLowerCase());

const portNumber = z.int("a port number from 1 to 65535").min(1).max(65535);

export const listenPort = portNumber;

export const imageSchema = z
  .strictObject({
    repository: z
      .string()
      .regex(/^[a-z0-9][A-Za-z0-9._/:@-]*$/, "an image repository such as ghcr.io/owner/name")
      .optional()
      .describe(
        "Image without its tag, e.g. ghcr.io/owner/name; may carry a digest (@sha256:…), which then counts.",
      ),
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, "an image tag")
      .optional()
      .describe("Tag of the image. Pin it: a missing tag or latest is a warning."),
    imagePullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).optional(),
    command: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Command of the container, instead of the image's own."),
  })
  .meta({ id: "Image", description: "A container image." });

/** An image whose container is ours, so that its command is not for the document to say. */
export const ownImageSchema = imageSchema.omit({ command: true }).meta({ id: "OwnImage" });

export const resourcesSchema = z
  .strictObject({
    limits: z.record(z.string(), quantitySchema).default({}),
    requests: z.record(z.string(), quantitySchema).default({}),
  })
  .meta({ id: "Resources", description: "Resources of the container, as in Kubernetes." });

const replicaCount = z.int("a whole number").min(1).max(1000);

export const replicasSchema = replicaCount
  .default(1)
  .describe("Number of pods; with autoscaling, the first number of pods.");

const metricSchema = z.strictObject({
  sourceType: z
    .enum(["Resource", "Object", "Pods", "External", "ConsumerLag"])
    .describe(
      "ConsumerLag: messages that a pod may be behind, as averageValue with targetType AverageValue.",
    ),
  targetType: z.enum(["Utilization", "Value", "AverageValue"]),
  resourceName: z.string().optional().describe("Resource only: cpu or memory."),
  metricName: z.string().optional().describe("Object, Pods and External: name of the metric."),
  metricSelector: z.string().optional().describe("Labels that narrow the metric, e.g. queue=orders,zone=eu."),
  objectApiVersion: z.string().optional(),
  objectKind: z.string().optional(),
  objectName: z.string().optional(),
  averageUtilization: z
    .int("a whole number of percent")
    .min(1)
    .optional()
    .describe("Percent of the request."),
  averageValue: quantitySchema.optional(),
  value: quantitySchema.optional(),
});

export const autoscalingSchema = z
  .strictObject({
    enabled: z.boolean().default(false),
    minReplicas: replicaCount.optional().describe("Default: replicas."),
    maxReplicas: replicaCount.optional().describe("Required when enabled."),
    metrics: z.array(metricSchema).default([]).describe("Default: CPU at 80 % of the request."),
  })
  .meta({ id: "Autoscaling", description: "Lets the number of pods follow metrics." });

const portExpected = "a port number, a port name, or the form {isInt32, int32Value, isString, stringValue}";

const probePortSchema = z.union(
  [
    portNumber,
    z.string().regex(/^[a-z0-9-]{1,15}$/),
    z.strictObject({
      isInt32: z.boolean().optional(),
      int32Value: portNumber.optional(),
      isString: z.boolean().optional(),
      stringValue: z.string().optional(),
    }),
  ],
  portExpected,
);

const seconds = z.int("a whole number of seconds").min(0).optional();
const threshold = z.int("a whole number").min(1).optional();

export const probeSchema = z
  .strictObject({
    exec: z.strictObject({ command: z.array(z.string()).min(1) }).optional(),
    httpGet: z
      .strictObject({
        host: z.string().optional(),
        httpHeaders: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
        path: z.string().optional(),
        port: probePortSchema,
        scheme: z.enum(["HTTP", "HTTPS"]).optional(),
      })
      .optional(),
    tcpSocket: z.strictObject({ host: z.string().optional(), port: probePortSchema }).optional(),
    initialDelaySeconds: seconds,
    periodSeconds: threshold,
    timeoutSeconds: threshold,
    successThreshold: threshold,
    failureThreshold: threshold,
  })
  .meta({ id: "Probe", description: "A Kubernetes probe: exactly one of exec, httpGet and tcpSocket." });

/** Metadata of a custom resource; what an API server adds to it is allowed and has no meaning here. */
export const metadataSchema = z.strictObject({
  name: z.string().min(1),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.number().optional(),
  creationTimestamp: z.string().nullish(),
  selfLink: z.string().optional(),
  managedFields: z.array(z.unknown()).optional(),
  ownerReferences: z.array(z.unknown()).optional(),
  finalizers: z.array(z.string()).optional(),
});

/** Name of a Secret in the namespace of the deployment. */
export const secretNameSchema = z
  .string()
  .max(253, "at most 253 characters")
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "the name of a Secret: a-z, 0-9, '.' and '-'")
  .describe("A Secret that somebody makes in the deployment's namespace.");

/** The four things that every component may say about its pods. */
export const workloadFields = {
  replicas: replicasSchema,
  resources: resourcesSchema.optional(),
  autoscaling: autoscalingSchema.optional(),
  livenessProbe: probeSchema.optional(),
  readinessProbe: probeSchema.optional(),
};
