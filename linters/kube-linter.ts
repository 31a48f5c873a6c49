import { basename } from "node:path";
import { z } from "zod";
import { oneLine, unlessEmpty, type Finding, type LintedObject } from "./finding";
import type { Linter } from "./linter";

const objectSchema = z.object({
  Metadata: z.object({ FilePath: z.string() }),
  K8sObject: z.object({
    Namespace: z.string(),
    Name: z.string(),
    GroupVersionKind: z.object({ Kind: z.string() }),
  }),
});

const reportSchema = z.object({
  // Go writes an empty list as null.
  Reports: z
    .array(
      z.object({
        Check: z.string(),
        Diagnostic: z.object({ Message: z.string() }),
        Remediation: z.string(),
        Object: objectSchema,
      }),
    )
    .nullable(),
});

/** https://docs.kubelinter.io, with the checks that are on by default. */
export const kubeLinter: Linter = {
  name: "kube-linter",
  // An object that it can't read would be left out without a word.
  args: (folder) => [
    "lint",
    folder,
    "--format",
    "json",
    "--fail-on-invalid-resource",
    "--fail-if-no-objects-found",
  ],
  findings: (report) =>
    (reportSchema.parse(JSON.parse(report)).Reports ?? []).map((entry): Finding => {
      return {
        linter: "kube-linter",
        check: entry.Check,
        object: objectOf(entry.Object),
        container: /container "([^"]+)"/.exec(entry.Diagnostic.Message)?.[1],
        advice: oneLine(entry.Diagnostic.Message, entry.Remediation),
      };
    }),
};

/** What can't be read has no name; then it is the file that is wrong. */
function objectOf({ Metadata, K8sObject }: z.infer<typeof objectSchema>): LintedObject {
  const { Name, Namespace, GroupVersionKind } = K8sObject;
  if (Name === "") return { kind: "file", namespace: undefined, name: basename(Metadata.FilePath) };
  return { kind: GroupVersionKind.Kind, namespace: unlessEmpty(Namespace), name: Name };
}
