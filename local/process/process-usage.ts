import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Resident memory of a process in MiB; undefined if it has ended. */
export function residentMemory(pid: number): number | undefined {
  const kibibytes = existsSync("/proc/self/status") ? fromProc(pid) : fromPs(pid);
  return kibibytes === undefined ? undefined : Math.round(kibibytes / 1024);
}

/** The kernel counts CPU time in hundredths of a second for programs (USER_HZ), on all processors that Node runs on. */
const ticksPerSecond = 100;

/** User and system time of a process so far, in seconds; see proc_pid_stat(5). Undefined: it has ended, or there is no /proc. */
export function cpuTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return undefined;
  }
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
