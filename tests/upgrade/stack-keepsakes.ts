import { z } from "zod";
import { keepsakesOf, type Keepsakes } from "../chaos/keepsakes";
import type { EngineEnvironment } from "../engine/engine-environment";
import type { KafkaLogin } from "../software/kafka-client";
import type { ClearResource } from "./clear-state";

/** Objects that lose data, or the objects in them, when they are made anew. */
const kinds = "namespaces,statefulsets,customresourcedefinitions";

const objectSchema = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().default(""), uid: z.string() }),
});

/** Shorter texts may be in a Secret by chance. */
const shortestSecret = 8;

/** Values that the stack has generated, by URN. */
export function generatedValues(resources: readonly ClearResource[]): Keepsakes {
  return new Map(
    resources
      .filter(({ type }) => type.startsWith("random:"))
      .flatMap(({ urn, outputs }) => {
        const { result, hex } = outputs;
        const value = result ?? hex;
        return typeof value === "string" ? [[urn, value] as const] : [];
      }),
  );
}

/**
 * What an upgrade must leave as it is: topics, volumes and the objects that hold them by their identifiers, and each Secret
 * by which of the generated values are in it.
 *
 * @param generated - what had been generated before
 */
export async function stackKeepsakes(
  engine: EngineEnvironment,
  administrator: KafkaLogin,
  generated: Keepsakes,
): Promise<Keepsakes> {
  const secrets = [...generated].filter(([, value]) => value.length >= shortestSecret);
  const held = (content: string): string => {
    const text = Buffer.from(content, "base64").toString();
    return secrets.flatMap(([urn, value]) => (text.includes(value) ? [urn] : [])).join("\n");
  };
  const kept = [...(await keepsakesOf(engine, administrator))].map(([name, identity]): [string, string] => [
    name,
    name.startsWith("Secret ") ? held(identity) : identity,
  ]);
  const objects = await engine.objects(objectSchema, kinds, "--all-namespaces");
  return new Map([
    ...kept.filter(([, identity]) => identity !== ""),
    ...objects.map(({ kind, metadata }): [string, string] => [
      `${kind} ${metadata.namespace}/${metadata.name}`,
      metadata.uid,
    ]),
  ]);
}
