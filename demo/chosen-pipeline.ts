import { existsSync } from "node:fs";
import { loadDocuments } from "../pipelines/model/document/documents";
import { UserError } from "../local/user-error";

/** A pipeline, and where documents say what to run for its algos. */
export interface ChosenPipeline {
  /** `owner.name`. */
  readonly id: string;
  readonly documents: readonly string[];
}

/**
 * The pipeline that is meant by what a person typed: its `owner.name`, or a file with its document.
 *
 * @param documents - files and folders with further documents
 * @throws UserError for a file that is not there, has errors, or has another number of pipelines than one
 */
export function chosenPipeline(typed: string, documents: readonly string[]): ChosenPipeline {
  const looksLikeFile = /\.ya?ml$/.test(typed) || typed.includes("/");
  if (!looksLikeFile) return { id: typed, documents };
  if (!existsSync(typed))
    throw new UserError(
      `PIPELINE: found no file ${typed}, expected a file, or owner.name of a deployed pipeline`,
    );
  const { deployments, problems } = loadDocuments([typed]);
  const [problem] = problems;
  if (problem !== undefined)
    throw new UserError(`PIPELINE: ${typed} has errors: \`make validate DOCUMENTS=${typed}\` lists them`);
  const ids = deployments.map(({ document: { spec } }) => `${spec.deploymentOwner}.${spec.deploymentName}`);
  const [id] = ids;
  if (id === undefined || ids.length > 1)
    throw new UserError(
      `PIPELINE: found ${ids.length === 0 ? "no pipeline" : ids.sort().join(", ")} in ${typed}, expected one`,
    );
  return { id, documents: [typed, ...documents] };
}
