import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { eventually, type ProcessGroup } from "./process-group";

/** A disk for one folder, which is soon full. */
export interface SmallDisk {
  /** What is put before a program's command so that it sees the disk. */
  readonly wrapper: readonly string[];
  /** Whether it can really be full; otherwise no file on it can be large. */
  readonly isReal: boolean;
  /** What it is, for who reads what came of a test. */
  readonly kind: string;
}

const mount = 'mount -t tmpfs -o size="$2" small "$1" && echo $$ >"$3" && exec sleep infinity';

/**
 * Makes a disk of some MiB in a folder: a tmpfs in a mount namespace of its own, which root and, where namespaces of users
 * are permitted, everybody else can have. Elsewhere (as in a container without `CAP_SYS_ADMIN`) the limit on the size of
 * files takes its place, so that the test is never left out.
 */
export async function smallDisk(group: ProcessGroup, folder: string, mebibytes: number): Promise<SmallDisk> {
  mkdirSync(folder, { recursive: true });
  const pidFile = `${folder}.pid`;
  rmSync(pidFile, { force: true });
  const holder = group.start({
    command: "unshare",
    args: ["--map-root-user", "--mount", "sh", "-c", mount, "sh", folder, `${mebibytes}m`, pidFile],
    env: {},
    log: `${folder}.log`,
  });
  await eventually("the disk is there, or is not to be had", () => existsSync(pidFile) || holder.ended());
  if (holder.ended()) {
    const wrapper = ["prlimit", `--fsize=${mebibytes * 100_000}`, "--"];
    return {
      wrapper,
      isReal: false,
      kind: "a limit on the size of files (EFBIG): there are no namespaces here",
    };
  }
  const pid = readFileSync(pidFile, "utf8").trim();
  const [target, cwd] = [`--target=${pid}`, `--wd=${process.cwd()}`];
  const wrapper = ["nsenter", target, cwd, "--user", "--mount", "--preserve-credentials", "--"];
  return { wrapper, isReal: true, kind: `a tmpfs of ${mebibytes} MiB (ENOSPC)` };
}
