import type { Finding, LinterName } from "./finding";

/** How a linter is asked, and how its answer is read. */
export interface Linter {
  readonly name: LinterName;
  /**
   * What it is started with to look at manifests.
   *
   * @param folder - folder of the manifests, for a linter that takes a folder
   * @param files - the files in it, for one that wants each
   */
  readonly args: (folder: string, files: readonly string[]) => readonly string[];
  /**
   * Reads what it writes to standard output.
   *
   * @throws Error if that is not the report that its version writes
   */
  readonly findings: (report: string) => readonly Finding[];
}
