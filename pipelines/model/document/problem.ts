import { compareText } from "../values/text";

/** A step into a document: the key of a mapping or the index of a list. */
export type PathStep = string | number;

/** Something in a document that its author must see. */
export interface Problem {
  /** An `error` stops the deployment; a `warning` does not. */
  readonly severity: "error" | "warning";
  /** File as it was given to the loader. */
  readonly file: string;
  /** First line is 1. */
  readonly line: number;
  /** Where in the document, e.g. `spec.pipes[2].destName`; empty when it is the document or file itself. */
  readonly path: string;
  /** What was found, what was expected, and what to do. */
  readonly message: string;
}

/** A document that problems can be pinned to. */
export interface DocumentSource {
  readonly file: string;
  /** Line of the value at a path, or of the nearest value around it. */
  lineOf(path: readonly PathStep[]): number;
}

/** `spec.pipes[2].destName` */
export function formatPath(path: readonly PathStep[]): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join("");
}

/** `file:line path: message`, as one line. */
export function formatProblem(problem: Problem): string {
  const path = problem.path === "" ? "" : ` ${problem.path}`;
  return `${problem.file}:${problem.line}${path}: ${problem.message}`;
}

/** Longest quotation in a message: the longest valid name, a topic's, fits. */
const quotationLength = 260;
const messageLength = 2000;

/** A message that a person can read, on one line, whatever of the document is in it. */
function readable(message: string): string {
  const short = message
    .replace(/\s+/g, " ")
    .replace(/"(?:[^"\\]|\\.)*"/g, (quotation) =>
      quotation.length <= quotationLength ? quotation : `${quotation.slice(0, quotationLength)}…"`,
    );
  return short.length <= messageLength ? short : `${short.slice(0, messageLength)}…`;
}

/** Collects the problems of all documents. */
export class ProblemReport {
  private readonly found: Problem[] = [];

  /** Something that must be corrected. */
  error(source: DocumentSource, path: readonly PathStep[], message: string): void {
    this.add("error", source, path, message);
  }

  /** Something that works, but deserves a look. */
  warning(source: DocumentSource, path: readonly PathStep[], message: string): void {
    this.add("warning", source, path, message);
  }

  /** Takes over what another report found. */
  include(other: ProblemReport): void {
    this.found.push(...other.found);
  }

  /** How many errors so far. */
  get errorCount(): number {
    return this.found.filter((problem) => problem.severity === "error").length;
  }

  /** All problems, each once, sorted by file, line, path and message. */
  get problems(): readonly Problem[] {
    return ProblemReport.sorted(this.found);
  }

  /** Problems, each once, sorted by file, line, path and message. */
  static sorted(problems: readonly Problem[]): readonly Problem[] {
    const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
    return [...distinct.values()].sort(
      (a, b) =>
        compareText(a.file, b.file) ||
        a.line - b.line ||
        compareText(a.path, b.path) ||
        compareText(a.message, b.message),
    );
  }

  private add(
    severity: Problem["severity"],
    source: DocumentSource,
    path: readonly PathStep[],
    message: string,
  ): void {
    this.found.push({
      severity,
      file: source.file,
      line: source.lineOf(path),
      path: readable(formatPath(path)),
      message: readable(message),
    });
  }
}

/** Thrown when documents can't be deployed. Its message is the whole report, one line for each error. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  /** Only the errors, sorted. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const errors = problems.filter((problem) => problem.severity === "error");
    const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
    super(
      [`${count} in the pipeline documents:`, ...errors.map((error) => `  ${formatProblem(error)}`)].join(
        "\n",
      ),
    );
    this.problems = errors;
  }
}
