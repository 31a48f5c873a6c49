import { z } from "zod";
import { oneLine, unlessEmpty, type Finding } from "./finding";
import type { Linter } from "./linter";

/** The grade of a check that has nothing to say. Warnings have 5, what is critical has 1. */
const passed = 10;

const commentSchema = z.object({ path: z.string(), summary: z.string(), description: z.string() });

const checkSchema = z.object({
  check: z.object({ id: z.string(), target_type: z.string(), comment: z.string() }),
  grade: z.number(),
  skipped: z.boolean(),
  comments: z.array(commentSchema).nullable(),
});

const reportSchema = z
  .array(
    z.object({
      type_meta: z.object({ kind: z.string() }),
      object_meta: z.object({ name: z.string(), namespace: z.string().optional() }),
      checks: z.array(checkSchema).nullable(),
    }),
  )
  // Go writes an empty list as null.
  .nullable();

/**
 * https://github.com/zegl/kube-score, with the checks that are on by default.
 *
 * @param kubernetes - major and minor version of the cluster that the manifests are for
 */
export function kubeScore(kubernetes: string): Linter {
  const options = ["--output-format", "json", "--kubernetes-version", `v${kubernetes}`];
  return {
    name: "kube-score",
    args: (_, files) => ["score", ...options, "--disable-ignore-checks-annotations", ...files],
    findings: (report) =>
      (reportSchema.parse(JSON.parse(report)) ?? []).flatMap(({ type_meta, object_meta, checks }) => {
        const { name, namespace } = object_meta;
        const object = { kind: type_meta.kind, namespace: unlessEmpty(namespace), name };
        return (checks ?? [])
          .filter(({ skipped, grade }) => !skipped && grade < passed)
          .flatMap((check) => findingsOf(check, object));
      }),
  };
}

/** A finding for each comment: a check on containers has one for each container. */
function findingsOf(
  { check, comments }: z.infer<typeof checkSchema>,
  object: Finding["object"],
): readonly Finding[] {
  const said = comments?.length ? comments : [{ path: "", summary: check.comment, description: "" }];
  return said.map(({ path, summary, description }) => ({
    linter: "kube-score",
    check: check.id,
    object,
    // Checks on pods say which container; others name a label or a path of an Ingress.
    container: check.target_type === "Pod" ? unlessEmpty(path) : undefined,
    advice: check.target_type === "Pod" ? oneLine(summary, description) : oneLine(path, summary, description),
  }));
}
