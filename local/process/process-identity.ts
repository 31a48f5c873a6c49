import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

/**
 * A process, told apart from a later one that was given the same number: process ids
 * are used again, a pair of id and start time is not.
 */
export const processIdentity = z.object({
  pid: z.number().int().positive(),
  /** When it started, in the operating system's own notation; only ever compared. */
  startTime: z.string().min(1),
});
export type ProcessIdentity = Readonly<z.infer<typeof processIdentity>>;

/** The identity of the process that runs under this id now; undefined if none does (a zombie has ended, too). */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = existsSync("/proc/self/stat") ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime;
}

/** Sends a signal to exactly this process; to nobody if it has ended. */
export function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

function startTimeFromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets and may hold spaces and brackets itself.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticksSinceBoot = rest[18];
  if (state === "Z" || state === "X" || ticksSinceBoot === undefined) return undefined;
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${boot}/${ticksSinceBoot}`;
}

/** For systems without /proc, such as macOS. */
function startTimeFromPs(pid: number): string | undefined {
  try {
    const output = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
    }).trim();
    const [state = "", ...started] = output.split(/\s+/);
    return state === "" || state.startsWith("Z") ? undefined : started.join(" ");
  } catch {
    return undefined;
  }
}
