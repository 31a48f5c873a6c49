import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Resident memory of a process in MiB; undefined if it has ended. */
export function residentMemory(pid: number): number | undefined {
  const kibibytes = existsSync("/proc/self/status") ? fromProc(pid) : fromPs(pid);
  return kibibytes === undefined ? undefined : Math.round(kibibytes / 1024);
}

function fromProc(pid: number): number | undefined {
  try {
    return numberIn(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

/** For systems without /proc, such as macOS. */
function fromPs(pid: number): number | undefined {
  try {
    return numberIn(execFileSync("ps", ["-o", "rss=", "-p", `${pid}`], { encoding: "utf8" }).trim());
  } catch {
    return undefined;
  }
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined || text === "" ? undefined : Number(text);
}
