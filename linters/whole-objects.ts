import { load } from "js-yaml";
import { z } from "zod";

/** Texts of YAML files by path, as `renderManifests` writes them: before each object a comment with its type and name. */
export type ManifestFiles = Readonly<Record<string, string>>;

const objectSchema = z.looseObject({ apiVersion: z.string(), kind: z.string() });

/**
 * What linters can judge of the rendered manifests of a stack: the objects of Kubernetes that are ours from end to end,
 * definitions and custom resources included.
 *
 * Left out is what has no API version, such as topics of Kafka, and what is laid as a patch over an object that
 * somebody else makes: a patch states only what it changes, and a linter would miss all the rest.
 *
 * @returns the files that have such objects, with nothing else in them
 */
export function wholeObjects(files: ManifestFiles): ManifestFiles {
  const texts = Object.entries(files).map(([file, text]): [string, string] => [
    file,
    text.split(/^---$/m).filter(isWholeObject).join("---"),
  ]);
  return Object.fromEntries(texts.filter(([, text]) => text !== ""));
}

/** The provider's types of patches are called `…Patch`. */
function isWholeObject(text: string): boolean {
  return !/^# kubernetes:\S+Patch /m.test(text) && objectSchema.safeParse(load(text)).success;
}
