import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { KafkaAdministrator } from "./components/data/kafka/administration";
import { connectionsSchema } from "./config/connections-schema";
import type { NeededService } from "./reachability";

/** How the cluster is reached. */
export interface ClusterAccess {
  /** Content of a kubeconfig; undefined: the one that kubectl uses. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
  /** Context of the kubeconfig; undefined: the current one. */
  readonly context?: string | undefined;
  /** Names the cluster, so that a moved address isn't taken for another cluster; undefined: the address does. */
  readonly identifier: string | undefined;
}

/** The embedded environment, as a stack uses it. */
export interface Embedded {
  readonly cluster: ClusterAccess;
  readonly kafkaAdministration: KafkaAdministrator;
  readonly neededServices: readonly NeededService[];
}

const kubeconfigSchema = z.object({
  clusters: z.array(z.object({ cluster: z.object({ server: z.url() }) })).min(1),
});

const remedy = "type `make up`, which starts what is missing of the embedded environment";

/**
 * Reads what the embedded environment wrote down about itself.
 *
 * @param file - as `algorun:connections` names it
 * @throws pulumi.RunError when the environment was never started, or the file is something else
 */
export function readEmbedded(file: string): Embedded {
  const { kubernetes, kafka } = parse(file, connectionsSchema, (text) => JSON.parse(text));
  const { clusters } = parse(kubernetes.kubeconfig, kubeconfigSchema, load);
  const servers = clusters.map(({ cluster }) => new URL(cluster.server).host);
  return {
    cluster: {
      kubeconfig: pulumi.secret(readText(kubernetes.kubeconfig)),
      context: kubernetes.context,
      identifier: kubernetes.context,
    },
    kafkaAdministration: { ...kafka, password: pulumi.secret(kafka.password), tls: true },
    neededServices: [
      { name: "Kubernetes", addresses: servers, remedy },
      { name: "Kafka", addresses: kafka.bootstrapServers, remedy },
    ],
  };
}

function parse<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  parseText: (text: string) => unknown,
): z.infer<Schema> {
  const text = readText(file);
  try {
    return schema.parse(parseText(text));
  } catch {
    throw new pulumi.RunError(
      `${file} is not what the embedded environment writes: remove it and type \`make up\`, which writes it anew`,
    );
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new pulumi.RunError(
      `${file}, which algorun:connections names, ${missing ? "does not exist" : "can't be read"}: ` +
        "start the embedded environment with `make up`, or choose another stack",
    );
  }
}
