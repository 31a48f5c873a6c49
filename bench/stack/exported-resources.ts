import { z } from "zod";
import { unmark } from "../../render/secret-marks";

const exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        type: z.string(),
        custom: z.boolean(),
        inputs: z.record(z.string(), z.unknown()).default({}),
        dependencies: z.array(z.string()).default([]),
      }),
    ),
  }),
});

/** A resource of a stack, without its component. */
export interface ExportedResource {
  readonly name: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of those that must be there before. */
  readonly after: readonly string[];
}

/**
 * The resources that an exported stack's providers have, each before those that need it.
 *
 * @param text - what `pulumi stack export --show-secrets` printed
 */
export function exportedResources(text: string): readonly ExportedResource[] {
  const { resources } = exported.parse(JSON.parse(text)).deployment;
  const own = resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  const names = new Map(own.map(({ urn }) => [urn, urn.split("::").slice(2).join("/")]));
  return own.map(({ urn, type, inputs, dependencies }) => ({
    name: names.get(urn) ?? urn,
    type,
    inputs: z.record(z.string(), z.unknown()).parse(plain(inputs)),
    after: dependencies.flatMap((dependency) => names.get(dependency) ?? []),
  }));
}

/** Without what only a state has: marks of secrets, and names of values that a provider filled in. */
function plain(inputs: unknown): unknown {
  return JSON.parse(JSON.stringify(unmark(inputs)), (key, value: unknown) =>
    key === "__defaults" ? undefined : value,
  );
}
