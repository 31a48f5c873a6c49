import { z } from "zod";
import { oneLine, unlessEmpty, type Finding } from "./finding";
import type { Linter } from "./linter";

const resultsSchema = z.record(
  z.string(),
  z.object({
    ID: z.string(),
    Message: z.string(),
    // Go writes an empty list as null.
    Details: z.array(z.string()).nullable(),
    Success: z.boolean(),
  }),
);

const reportSchema = z.object({
  Results: z.array(
    z.object({
      Kind: z.string(),
      Namespace: z.string(),
      Name: z.string(),
      Results: resultsSchema,
      PodResult: z
        .object({
          Results: resultsSchema,
          ContainerResults: z.array(z.object({ Name: z.string(), Results: resultsSchema })).nullable(),
        })
        .nullable(),
    }),
  ),
});

/** https://polaris.docs.fairwinds.com, with the checks that are on by default. */
export const polaris: Linter = {
  name: "polaris",
  // Its own exemptions go by the names of well-known programs, some of which could be ours.
  args: (folder) => ["audit", "--audit-path", folder, "--format", "json", "--disallow-exemptions"],
  findings: (report) =>
    reportSchema
      .parse(JSON.parse(report))
      .Results.flatMap(({ Kind, Namespace, Name, Results, PodResult }) => {
        const object = { kind: Kind, namespace: unlessEmpty(Namespace), name: Name };
        return [
          ...failures(Results, object, undefined),
          ...(PodResult === null ? [] : failures(PodResult.Results, object, undefined)),
          ...(PodResult?.ContainerResults ?? []).flatMap((container) =>
            failures(container.Results, object, container.Name),
          ),
        ];
      }),
};

function failures(
  results: z.infer<typeof resultsSchema>,
  object: Finding["object"],
  container: string | undefined,
): readonly Finding[] {
  return Object.values(results)
    .filter(({ Success }) => !Success)
    .map(({ ID, Message, Details }) => ({
      linter: "polaris",
      check: ID,
      object,
      container,
      advice: oneLine(Message, ...(Details ?? [])),
    }));
}
