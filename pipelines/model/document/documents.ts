import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path/posix";
import { constructFromEvents, CORE_SCHEMA, mergeTag, parseEvents, YAMLException, type Event } from "js-yaml";
import { ProblemReport, type DocumentSource, type Problem } from "./problem";
import type { AlgoDocument } from "../schema/algo-schema";
import type { DataConnectorDocument } from "../schema/connector-schema";
import type { PipelineDeploymentDocument } from "../schema/pipeline-schema";
import { compareText } from "../values/text";
import { validateDocument } from "./validate";
import { positionsOf } from "./yaml-positions";

/** A valid document, and where it came from. */
export interface Sourced<T> {
  readonly document: T;
  readonly source: DocumentSource;
}

/** All documents of some files. */
export interface Documents {
  readonly deployments: readonly Sourced<PipelineDeploymentDocument>[];
  readonly algos: readonly Sourced<AlgoDocument>[];
  /** `metadata.name` of Algo documents that have errors: references to them are not unknown. */
  readonly faultyAlgos: readonly string[];
  /** `{owner}.{name}` of PipelineDeployment documents that have errors: rollouts to them are not unknown. @default none */
  readonly faultyDeployments?: readonly string[];
  readonly connectors: readonly Sourced<DataConnectorDocument>[];
  /** `metadata.name` of DataConnector documents that have errors. */
  readonly faultyConnectors: readonly string[];
  readonly problems: readonly Problem[];
}

/** A file that was read, or text that stands for one. */
export interface DocumentFile {
  /** Name that problems are reported under. */
  readonly file: string;
  readonly text: string;
}

// Merge keys (`<<: *defaults`) are no part of YAML 1.2, but authors of Kubernetes files know them.
const yamlSchema = CORE_SCHEMA.withTags(mergeTag);

/** Parses and validates files; whatever is wrong is among the problems, nothing is thrown. */
export function parseDocuments(files: readonly DocumentFile[]): Documents {
  return collectDocuments(files, new ProblemReport());
}

/**
 * Reads documents from files and folders; a folder stands for all `.yaml` and `.yml` files in and below it.
 * Whatever is wrong, a missing path too, is among the problems.
 */
export function loadDocuments(paths: readonly string[]): Documents {
  const report = new ProblemReport();
  const names = [...new Set(paths.flatMap((path) => filesIn(path, report)))].sort(compareText);
  return collectDocuments(
    names.map((file) => ({ file, text: readFileSync(file, "utf8") })),
    report,
  );
}

function collectDocuments(files: readonly DocumentFile[], report: ProblemReport): Documents {
  const deployments: Sourced<PipelineDeploymentDocument>[] = [];
  const algos: Sourced<AlgoDocument>[] = [];
  const faultyAlgos: string[] = [];
  const faultyDeployments: string[] = [];
  const connectors: Sourced<DataConnectorDocument>[] = [];
  const faultyConnectors: string[] = [];
  for (const file of files) {
    for (const { value, source } of parseFile(file, report)) {
      const result = validateDocument(value, source, report);
      if (result.kind === "PipelineDeployment") deployments.push({ document: result.document, source });
      if (result.kind === "Algo") algos.push({ document: result.document, source });
      if (result.kind === "DataConnector") connectors.push({ document: result.document, source });
      if (result.kind === "faulty" && result.algoName !== undefined) faultyAlgos.push(result.algoName);
      if (result.kind === "faulty" && result.deploymentId !== undefined)
        faultyDeployments.push(result.deploymentId);
      if (result.kind === "faulty" && result.connectorName !== undefined)
        faultyConnectors.push(result.connectorName);
    }
  }
  return {
    deployments,
    algos,
    faultyAlgos,
    faultyDeployments,
    connectors,
    faultyConnectors,
    problems: report.problems,
  };
}

function parseFile(
  { file, text }: DocumentFile,
  report: ProblemReport,
): readonly { readonly value: unknown; readonly source: DocumentSource }[] {
  try {
    const events: Event[] = parseEvents(text, { filename: file });
    const values = constructFromEvents(events, { source: text, filename: file, schema: yamlSchema });
    const positions = positionsOf(text, events);
    return values.flatMap((value, index) => {
      const lines = positions[index];
      // Nothing between two `---` is no document.
      if (value === null || lines === undefined) return [];
      return [{ value, source: { file, lineOf: (path) => lines.lineOf(path) } }];
    });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line, column } = error.mark ?? { line: 0, column: 0 };
    const message = `broken YAML: ${error.reason} at column ${column + 1}`;
    report.error({ file, lineOf: () => line + 1 }, [], message);
    return [];
  }
}

function filesIn(path: string, report: ProblemReport): readonly string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    report.error({ file: path, lineOf: () => 1 }, [], "found no such file or folder");
    return [];
  }
  if (stats.isFile()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const below = join(path, entry.name);
    if (entry.isDirectory()) return filesIn(below, report);
    return /\.ya?ml$/.test(basename(entry.name)) ? [below] : [];
  });
}
