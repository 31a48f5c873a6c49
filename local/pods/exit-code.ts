import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "../layout";
import type { ContainerProcess } from "./pod-processes";

/** A container that runs to its end, so that its exit code can be read afterwards: nobody waits for a managed process. */
export function recordingExit(
  container: ContainerProcess,
  layout: Layout,
): { readonly process: ContainerProcess; readonly exitFile: string } {
  const exitFile = join(layout.temporary, `${container.processName}.exit`);
  const script = 'file=$0; code=0; "$@" || code=$?; echo "$code" > "$file"; exit "$code"';
  const args = ["-c", script, exitFile, container.program, ...container.args];
  return { process: { ...container, program: "/bin/sh", args }, exitFile };
}

/** The exit code of a process that has ended; undefined when it was killed before it could leave one. */
export function completionOf(exitFile: string): number | undefined {
  return existsSync(exitFile) ? Number(readFileSync(exitFile, "utf8")) : undefined;
}
