import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import program from "../../index";
import { deploy, type RegisteredResource } from "../harness/deploy";
import { isManifest, renderManifests } from "./manifests";

const stackFileSchema = z.object({ config: z.record(z.string(), z.unknown()) });

const metadataSchema = z.looseObject({ metadata: z.looseObject({ namespace: z.string().optional() }) });

/** Files of a rendered stack: contents by name. */
export type RenderedStack = Readonly<Record<string, string>>;

/**
 * Renders what a stack of this project asks its providers for: a file of manifests for each namespace, one for the
 * objects of the whole cluster, one for Kafka, and the list of URNs. Generated passwords read `{name}-result`.
 *
 * @param stack - name of the stack, whose settings lie in `Pulumi.{stack}.yaml`
 */
export async function renderStack(stack: string): Promise<RenderedStack> {
  const folder = mkdtempSync(join(tmpdir(), "algorun-golden-"));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = z.object({ port: z.number() }).parse(server.address());
    setConfig(stack, writeConnections(folder, `127.0.0.1:${address.port}`));
    const { resources } = await deploy(program, { stack });
    const files = new Map<string, RegisteredResource[]>();
    for (const resource of resources) {
      const file = fileOf(resource);
      if (file !== undefined) files.set(file, [...(files.get(file) ?? []), resource]);
    }
    const manifests = [...files].map(([file, content]) => [file, renderManifests(content)] as const);
    return Object.fromEntries([...manifests, ["urns.txt", renderUrns(resources)]]);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

function setConfig(stack: string, connections: string): void {
  const { config } = stackFileSchema.parse(load(readFileSync(`Pulumi.${stack}.yaml`, "utf8")));
  const values = { ...config, "algorun:connections": connections };
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(z.record(z.string(), z.string()).parse(Object.fromEntries(texts)));
}

/** What an embedded environment would write that answers at an address; nothing of it reaches a manifest. */
function writeConnections(folder: string, server: string): string {
  const kubeconfig = join(folder, "kubeconfig");
  const file = join(folder, "environment.json");
  writeFileSync(kubeconfig, dump({ clusters: [{ cluster: { server: `https://${server}` } }] }));
  const connections = {
    kubernetes: { kubeconfig, context: "algorun-dev" },
    kafka: {
      bootstrapServers: [server],
      username: "admin",
      password: "administrator",
      caCertificate: "certificate",
    },
  };
  writeFileSync(file, JSON.stringify(connections));
  return file;
}

function fileOf(resource: RegisteredResource): string | undefined {
  if (!isManifest(resource)) return undefined;
  const { type, inputs } = resource;
  if (type.startsWith("kafka:")) return "kafka.yaml";
  const { namespace } = metadataSchema.parse(inputs).metadata;
  return namespace === undefined ? "cluster.yaml" : `namespace-${namespace}.yaml`;
}

function renderUrns(resources: readonly RegisteredResource[]): string {
  return `${resources
    .map(({ urn }) => urn)
    .sort()
    .join("\n")}\n`;
}
