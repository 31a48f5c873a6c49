import { z } from "zod";
import type { Connections } from "../../config/connections-schema";
import { parseJson } from "../files";
import { topicsOf } from "../kafka/broker";
import { describeCapacity } from "./capacity-summary";
import { askPulumi, type Stack } from "./stack";

const historySchema = z.array(z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }));
const outputsSchema = z.record(z.string(), z.unknown());

/** Topics named in a summary; of more only the number is told. */
const topicLimit = 12;

/** Outputs that only group others: their names say nothing in a list. */
const groups = ["addresses", "deployments"];

/** What Pulumi prints in place of a secret. */
const secret = "[secret]";

/** The changes that the last update of a stack made, as numbers by kind. */
export async function lastChanges(stack: Stack): Promise<Readonly<Record<string, number>>> {
  const args = ["stack", "history", "--json", "--page-size", "1", "--stack", stack.name];
  const [last] = parseJson(await askPulumi(stack, args), historySchema, "The history of the stack");
  return last?.resourceChanges ?? {};
}

/** What has been done and how to look at it, for a person. */
export async function summarize(
  stack: Stack,
  connections: Connections,
  changes: Readonly<Record<string, number>>,
): Promise<string> {
  const [outputs, topics] = await Promise.all([
    askPulumi(stack, ["stack", "output", "--json", "--stack", stack.name]),
    topicsOf(connections.kafka),
  ]);
  const { capacity, ...others } = parseJson(outputs, outputsSchema, "The list of outputs");
  return [
    "",
    describeChanges(changes),
    // What stacks of pipelines are told is for programs.
    ...section("Outputs", describeOutputs({ ...others, platform: undefined })),
    ...capacitySection(capacity),
    ...section("Real and simulated", [
      "The Kubernetes API and Kafka are real; containers don't run, so that nothing answers at the addresses above.",
    ]),
    ...section(`Topics: ${topics.length}`, topics.length <= topicLimit ? topics : []),
    ...section("Look further", [
      'eval "$(make env)"     then kubectl get pods -A, pulumi stack, kafka-topics --list',
      "make demo              runs a pipeline with real data, its pods as processes",
      "make status            processes, health, pods",
      "make down              ends everything, keeps the state",
    ]),
  ].join("\n");
}

/** One sentence about the numbers that Pulumi gives of an update. */
export function describeChanges(changes: Readonly<Record<string, number>>): string {
  const verbs = { create: "made", update: "changed", replace: "replaced", delete: "removed" };
  const done = Object.entries(verbs).flatMap(([kind, verb]) => {
    const count = changes[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${verb}`];
  });
  const same = changes["same"] ?? 0;
  if (done.length === 0)
    return `AlgoRun is up. Nothing changed: all ${same} resources are as they should be.`;
  if (same > 0) done.push(`${same} unchanged`);
  return `AlgoRun is up. Resources: ${done.join(", ")}.`;
}

/** One line for each text among a stack's outputs, however deep; lists are left out. */
export function describeOutputs(outputs: Readonly<Record<string, unknown>>): readonly string[] {
  const found = leaves(outputs);
  const width = Math.max(0, ...found.map(({ name }) => name.length));
  const lines = found.map(({ name, value }) => `${name.padEnd(width)}  ${value}`);
  return lines.map((line) => (line.endsWith(secret) ? `${line} (pulumi stack output --show-secrets)` : line));
}

interface Leaf {
  readonly name: string;
  readonly value: string;
}

function leaves(value: unknown, name = ""): readonly Leaf[] {
  if (typeof value === "string") return [{ name, value }];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value)
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .flatMap(([key, inner]: [string, unknown]) =>
      leaves(inner, groups.includes(key) ? name : `${name} ${key}`.trim()),
    );
}

function capacitySection(output: unknown): readonly string[] {
  const lines = describeCapacity(output);
  return lines.length === 0 ? [] : section("Pipelines take together (make explain tells them apart)", lines);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ["", title, ...lines.map((line) => `  ${line}`)];
}
