import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { Agent, request } from "undici";
import { z } from "zod";
import { until } from "../../local/process/until";
import type { ClearResource } from "./clear-state";

const base64 = z.string().transform((text) => Buffer.from(text, "base64").toString());
const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.url(), "certificate-authority-data": base64 }) }),
  ]),
  users: z.tuple([
    z.object({ user: z.object({ "client-certificate-data": base64, "client-key-data": base64 }) }),
  ]),
});

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

const managerSchema = z.object({ __fieldManager: z.string() });

const kindsSchema = z.object({ resources: z.array(z.object({ name: z.string(), kind: z.string() })) });

/** A definition is served some moments after it was made, in milliseconds. */
const patience = 30_000;

/** Makes the objects that a state records, as whoever made them then: Kubernetes knows the owner of each field. */
export async function makeObjects(kubeconfig: string, resources: readonly ClearResource[]): Promise<void> {
  const cluster = new Cluster(kubeconfig);
  try {
    for (const resource of resources)
      if (resource.type.startsWith("kubernetes:")) await cluster.make(resource);
  } finally {
    await cluster.close();
  }
}

/** An API server, asked directly: a program for each object would take minutes. */
class Cluster {
  private readonly server: string;
  private readonly agent: Agent;
  /** Names of kinds in addresses, by API version and kind. */
  private readonly names = new Map<string, string>();

  constructor(file: string) {
    const { clusters, users } = kubeconfigSchema.parse(load(readFileSync(file, "utf8")));
    const [{ cluster }] = clusters;
    const [{ user }] = users;
    this.server = cluster.server;
    this.agent = new Agent({
      connect: {
        ca: cluster["certificate-authority-data"],
        cert: user["client-certificate-data"],
        key: user["client-key-data"],
      },
    });
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  /** Applies an object by the name of who made it then. */
  async make({ urn, inputs, outputs }: ClearResource): Promise<void> {
    const object = objectSchema.parse(inputs);
    const { name, namespace } = object.metadata;
    const manager = managerSchema.parse(outputs).__fieldManager;
    const kind = await this.nameOf(object.apiVersion, object.kind);
    const place = namespace === undefined ? "" : `namespaces/${namespace}/`;
    const address = `${group(object.apiVersion)}/${place}${kind}/${name}?force=true&fieldManager=${manager}`;
    const { statusCode, body } = await request(`${this.server}/${address}`, {
      method: "PATCH",
      headers: { "content-type": "application/apply-patch+yaml" },
      body: JSON.stringify(object),
      dispatcher: this.agent,
    });
    const answer = await body.text();
    if (statusCode >= 300) throw new Error(`${urn}: ${answer}`);
  }

  private async nameOf(apiVersion: string, kind: string): Promise<string> {
    const key = `${apiVersion} ${kind}`;
    const isServed = await until(async () => {
      if (!this.names.has(key)) await this.learn(apiVersion);
      return this.names.has(key);
    }, patience);
    const name = this.names.get(key);
    if (!isServed || name === undefined) throw new Error(`The API server serves no ${key}.`);
    return name;
  }

  private async learn(apiVersion: string): Promise<void> {
    const { statusCode, body } = await request(`${this.server}/${group(apiVersion)}`, {
      dispatcher: this.agent,
    });
    const answer = await body.text();
    if (statusCode !== 200) return;
    for (const { name, kind } of kindsSchema.parse(JSON.parse(answer)).resources)
      if (!name.includes("/")) this.names.set(`${apiVersion} ${kind}`, name);
  }
}

function group(apiVersion: string): string {
  return apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
}
