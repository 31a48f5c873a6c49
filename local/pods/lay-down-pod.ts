import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { PodProcesses } from "./pod-processes";

/** Makes what a pod finds in its volumes: claims as they were left, everything else anew, and private to this user. */
export function layDownPod({ folders, files }: PodProcesses): void {
  for (const { path, persists } of folders) {
    if (!persists) rmSync(path, { recursive: true, force: true });
  }
  for (const { path } of folders) mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const { path, content, mode } of files) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, content, { mode });
    chmodSync(path, mode);
  }
}
