import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../user-error";
import { runLogged } from "./logged-command";
import { findProgram } from "./search-path";

const execute = promisify(execFile);

/**
 * Installs packages without starting the services that some of them bring: what this project runs, it
 * starts itself, and nothing is to be left running. The file is Debian's own switch for that; one that
 * is there already stays as it is. Of two at a time, in two checkouts or for two commands, the second waits: apt-get
 * itself waits for others only when it unpacks.
 */
const script = `
exec 9< /var/lib/dpkg && flock 9
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update && apt-get -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends "$@"
`;

/**
 * Installs packages of Debian or Ubuntu. It needs to be root, or sudo without a password.
 *
 * @param packages their names
 * @param log file for what apt-get says
 * @throws UserError that names the command to type if it is not allowed to, or if this is another system
 */
export async function installDebianPackages(packages: readonly string[], log: string): Promise<void> {
  const path = process.env["PATH"] ?? "";
  const command = `sudo apt-get install --no-install-recommends ${packages.join(" ")}`;
  if (findProgram("apt-get", path) === undefined) {
    const advice = `On Debian or Ubuntu that is \`${command}\`; elsewhere use the system's own packages.`;
    throw new UserError(
      `Programs of these packages are needed and not on the PATH: ${packages.join(", ")}. ${advice}`,
    );
  }
  const prefix = await administratorPrefix();
  if (prefix === undefined)
    throw new UserError(`Packages are missing that only an administrator can install. Type: ${command}`);
  const [program = "", ...args] = [...prefix, "sh", "-c", script, "install", ...packages];
  await runLogged({ program, args, log });
}

/** What to put before a command that needs to be root; undefined if it is not possible without asking. */
async function administratorPrefix(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  try {
    await execute("sudo", ["--non-interactive", "true"]);
    return ["sudo", "--non-interactive"];
  } catch {
    return undefined;
  }
}
