import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Connections } from "../config/connections-schema";
import { readConnections } from "./connections";
import { parseJson } from "./files";
import { topicsOf } from "./kafka/broker";
import { project, type Layout } from "./layout";
import { readProcess } from "./process/managed-process";
import { isAlive } from "./process/process-identity";
import { residentMemory } from "./process/process-usage";
import { run } from "./process/run";
import { deletedTopics } from "./stack/deleted-topics";
import { stateSchema } from "./stack/stack-state";
import { processNames } from "./processes";
import { childVariables } from "./variables";

/** One process of the environment. */
export interface ProcessStatus {
  readonly name: string;
  /** Undefined: it does not run. */
  readonly running: { readonly pid: number; readonly uptime: number; readonly memory: number } | undefined;
  readonly ports: readonly number[];
}

/** One thing that is well or is not. */
export interface Finding {
  readonly subject: string;
  readonly healthy: boolean;
  readonly detail: string;
}

/** The processes of an environment, in the order in which they depend on each other. */
export function processStatuses(layout: Layout): readonly ProcessStatus[] {
  return processNames.map((name) => {
    const record = readProcess(layout, name);
    const memory = record && isAlive(record) ? residentMemory(record.pid) : undefined;
    const running =
      record && memory !== undefined
        ? { pid: record.pid, uptime: Date.now() - Date.parse(record.startedAt), memory }
        : undefined;
    return { name, running, ports: record ? Object.values(record.ports) : [] };
  });
}

/** What the cluster, the broker and the stack say of themselves. */
export async function findings(layout: Layout, stackName: string): Promise<readonly Finding[]> {
  const connections = readConnections(layout);
  if (!connections)
    return [{ subject: "Environment", healthy: false, detail: "was never started: run `make up`" }];
  return Promise.all([
    finding("Kubernetes API", () => apiHealth(layout)),
    finding("Pods", () => podReadiness(layout)),
    finding("Kafka", () => brokerHealth(connections)),
    finding("Stack", () => stackHealth(layout, connections, stackName)),
  ]);
}

type Health = Omit<Finding, "subject">;

async function finding(subject: string, look: () => Promise<Health>): Promise<Finding> {
  try {
    return { subject, ...(await look()) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : undefined;
    return { subject, healthy: false, detail: reason ?? "no answer" };
  }
}

async function kubectl(layout: Layout, args: readonly string[]): Promise<string> {
  return run(join(layout.bin, "kubectl"), [...args, "--request-timeout=5s"], { env: childVariables(layout) });
}

async function list<T>(layout: Layout, kind: string, schema: z.ZodType<T>): Promise<T> {
  const listed = await kubectl(layout, ["get", kind, "--all-namespaces", "--output=json"]);
  return parseJson(listed, schema, `The list of ${kind}`);
}

const nodeList = z.object({ items: z.array(z.unknown()) });

async function apiHealth(layout: Layout): Promise<Health> {
  await kubectl(layout, ["get", "--raw", "/readyz"]);
  const { items } = await list(layout, "nodes", nodeList);
  return { healthy: true, detail: `ready, ${items.length} simulated nodes` };
}

const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string() }),
      status: z.object({
        phase: z.string(),
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

async function podReadiness(layout: Layout): Promise<Health> {
  const { items } = await list(layout, "pods", podList);
  const waiting = items.filter(({ status }) => {
    const ready = status.conditions.some(
      (condition) => condition.type === "Ready" && condition.status === "True",
    );
    return status.phase !== "Succeeded" && !ready;
  });
  if (waiting.length === 0) return { healthy: true, detail: `all ${items.length} ready or completed` };
  const names = waiting.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(", ");
  return { healthy: false, detail: `${waiting.length} of ${items.length} not ready: ${names}` };
}

async function brokerHealth(connections: Connections): Promise<Health> {
  const topics = await topicsOf(connections.kafka);
  return {
    healthy: true,
    detail: `ready on ${connections.kafka.bootstrapServers.join(", ")}, ${topics.length} topics`,
  };
}

const stackList = z.array(z.object({ name: z.string(), resourceCount: z.number().nullish() }));

async function stackHealth(layout: Layout, connections: Connections, stackName: string): Promise<Health> {
  const pulumi = join(layout.bin, "pulumi");
  if (!existsSync(pulumi)) return { healthy: false, detail: "was never deployed: run `make up`" };
  const listed = await run(pulumi, ["stack", "ls", "--all", "--json"], { env: childVariables(layout) });
  const stack = parseJson(listed, stackList, "The list of stacks").find(
    ({ name }) => name.split("/").at(-1) === stackName,
  );
  const count = stack?.resourceCount ?? 0;
  if (count === 0) return { healthy: false, detail: `${stackName} has no resources: run \`make up\`` };
  const exported = await run(pulumi, ["stack", "export", "--stack", stackName], {
    env: childVariables(layout),
    cwd: project,
  });
  const state = parseJson(exported, stateSchema, "The state of the stack");
  const deleted = deletedTopics(state, await topicsOf(connections.kafka)).map(({ name }) => name);
  if (deleted.length > 0)
    return {
      healthy: false,
      detail: `topics are gone from Kafka with their messages: ${deleted.join(", ")}`,
    };
  return { healthy: true, detail: `${stackName}, ${count} resources` };
}
