import { z } from "zod";
import { apiVersionSchema } from "./algo-schema";
import {
  listenPort,
  metadataSchema,
  nameSchema,
  ownImageSchema,
  versionSchema,
  workloadFields,
} from "./fields-schema";
import { topicSchema } from "./topic-schema";

const secretKeyRefSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/)
    .describe("Name of a Secret in the deployment's namespace."),
  key: z.string().regex(/^[A-Za-z0-9._-]{1,253}$/),
});

const optionValueSchema = z
  .union(
    [z.string(), z.number(), z.boolean(), z.strictObject({ secretKeyRef: secretKeyRefSchema })],
    "text, a number, true or false, or { secretKeyRef: { name, key } }",
  )
  .meta({
    id: "ConnectorOption",
    description: "A value, or for what is secret { secretKeyRef: { name, key } }.",
  });

const optionsSchema = z
  .record(z.string().min(1), optionValueSchema)
  .default({})
  .describe("The connector's own settings, as its documentation names them.");

const connectorVersionSchema = z.strictObject({
  versionTag: versionSchema,
  image: ownImageSchema.describe(
    "Image with Kafka 4 or newer in /opt/kafka or /kafka, and plugins in /opt/kafka/plugins or /kafka/connect; " +
      "without a repository, the platform's image of Kafka, which has the file connectors.",
  ),
  metricsAgent: z
    .string()
    .regex(/^\/[^\s:'"\\$=]+\.jar$/, "an absolute path of a jar, such as /opt/kafka/libs/agent.jar")
    .optional()
    .describe("Path of Prometheus' JMX agent in the image. With it, workers serve /metrics."),
});

/** What a data connector is; inside a DataConnector document, or inline in a deployment. */
export const connectorSpecSchema = z
  .strictObject({
    dataConnectorType: z
      .enum(["Source", "Sink"])
      .describe("Source: brings data into topics. Sink: takes data out of topics."),
    name: nameSchema,
    versions: z.array(connectorVersionSchema).min(1, "at least one version"),
    connectorClass: z
      .string()
      .regex(/^[A-Za-z_][\w.$]*$/, "a Java class such as io.debezium.connector.postgresql.PostgresConnector")
      .describe("Java class of the connector."),
    options: optionsSchema,
  })
  .meta({ id: "DataConnectorSpec", description: "What a data connector is." });

/** A document of kind DataConnector. */
export const dataConnectorSchema = z
  .strictObject({
    apiVersion: apiVersionSchema,
    kind: z.literal("DataConnector"),
    metadata: metadataSchema,
    spec: connectorSpecSchema,
  })
  .describe("A data connector: a Kafka Connect plugin, in one or several versions.");

const egressSchema = z.strictObject({
  host: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^[0-9a-fA-F:]+$/, "a host name or an address"),
  port: listenPort,
});

const autoRestartSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    maxRestarts: z
      .int("a whole number")
      .min(1)
      .optional()
      .describe("Most restarts in a row. Default: no end."),
  })
  .prefault({})
  .describe(
    "Restarts tasks that have failed: at once, after 2, 6, 12, 20, 30, 42, 56 minutes, then every hour.",
  );

/** A data connector as a deployment uses it. */
export const connectorDeploymentSchema = z.strictObject({
  ...workloadFields,
  dataConnectorRef: z
    .strictObject({
      name: z.string().min(1).optional().describe("metadata.name of a DataConnector document."),
      matchLabels: z
        .record(z.string(), z.string())
        .optional()
        .describe("Labels that exactly one DataConnector document has."),
    })
    .optional(),
  spec: connectorSpecSchema.optional().describe("The connector itself, instead of dataConnectorRef."),
  version: versionSchema.describe("A versionTag."),
  index: z.int("a whole number").min(0).default(1).describe("Tells apart several of the same connector."),
  tasksMax: z
    .int("a whole number")
    .min(1)
    .max(1000)
    .default(1)
    .describe("Most tasks that share the connector's work."),
  topics: z.array(topicSchema).default([]).describe("Topics of what the connector writes."),
  options: optionsSchema.describe("Options over the connector's own."),
  autoRestart: autoRestartSchema,
  egress: z
    .array(egressSchema)
    .optional()
    .describe(
      "Hosts and ports outside the pipeline that the workers connect to; they reach no others. [] for none.",
    ),
});

/** A valid DataConnector document. */
export type DataConnectorDocument = z.output<typeof dataConnectorSchema>;
/** What a data connector is. */
export type ConnectorSpec = z.output<typeof connectorSpecSchema>;
/** A data connector as a deployment uses it. */
export type ConnectorDeploymentSpec = z.output<typeof connectorDeploymentSchema>;
/** One value of a connector's options. */
export type ConnectorOptionSpec = z.output<typeof optionValueSchema>;
