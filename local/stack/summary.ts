import { z } from "zod";
import type { Connections } from "../../config-schema";
import { topicsOf } from "../kafka/broker";
import { parseJson } from "../files";
import { askPulumi, type Stack } from "./stack";

const historySchema = z
  .array(z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }))
  .min(1);
const outputsSchema = z.record(z.string(), z.unknown());

/** Topics named in a summary; of more only the number is told. */
const topicLimit = 12;

/** What the last update did and how to look at it, for a person. */
export async function summarize(stack: Stack, connections: Connections): Promise<string> {
  const selected = ["--stack", stack.name];
  const [history, outputs, topics] = await Promise.all([
    askPulumi(stack, ["stack", "history", "--json", "--page-size", "1", ...selected]),
    askPulumi(stack, ["stack", "output", "--json", ...selected]),
    topicsOf(connections.kafka),
  ]);
  const [last] = parseJson(history, historySchema, "The history of the stack");
  return [
    "",
    describeChanges(last?.resourceChanges ?? {}),
    ...section("Addresses", describeOutputs(parseJson(outputs, outputsSchema, "The list of outputs"))),
    ...section(`Topics: ${topics.length}`, topics.length <= topicLimit ? topics : []),
    ...section("Look further", [
      'eval "$(make env)"     then kubectl get pods -A, pulumi stack, kafka-topics --list',
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
  return `AlgoRun is up. Resources: ${[...done, `${same} unchanged`].join(", ")}.`;
}

function describeOutputs(outputs: Readonly<Record<string, unknown>>): readonly string[] {
  const width = Math.max(0, ...Object.keys(outputs).map((name) => name.length));
  return Object.entries(outputs)
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(
      ([name, value]) =>
        `${name.padEnd(width)}  ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ["", title, ...lines.map((line) => `  ${line}`)];
}
