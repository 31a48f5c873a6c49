import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";

/** A process of this machine, whoever started it. */
export interface ProcessEntry {
  readonly pid: number;
  /** Who started it, or who took it over after that one's end. */
  readonly parent: number;
  /** The group that it belongs to, named by the process that began it. */
  readonly group: number;
  /** Its command line, joined by spaces. */
  readonly command: string;
}

/** All processes that this user may look at. */
export function processTable(): readonly ProcessEntry[] {
  return existsSync("/proc/self/stat") ? tableFromProc() : tableFromPs();
}

function tableFromProc(): readonly ProcessEntry[] {
  const names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return names.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" ").trimEnd();
      // The program's name, in brackets, may hold spaces and brackets itself; the state follows it, then parent and group.
      const [, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(name), parent: Number(parent), group: Number(group), command }];
    } catch {
      return []; // It has ended in the meantime.
    }
  });
}

/** For systems without /proc, such as macOS. */
function tableFromPs(): readonly ProcessEntry[] {
  const lines = execFileSync("ps", ["-axo", "pid=,ppid=,pgid=,command="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, group, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), command }];
  });
}
