import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually, type ProcessGroup, type RunningProgram } from "./process-group";

const run = promisify(execFile);

/** A pod as far as a server notices: an address, a root folder and volumes of its own, which outlive its processes. */
export interface SimulatedPod {
  readonly name: string;
  readonly address: string;
}

/** What is in a pod's root. */
export interface PodFiles {
  /** Statically linked programs, as files of this machine, by their names in the root. */
  readonly programs: Readonly<Record<string, string>>;
  /** Folders of this machine, by the paths that they are mounted at. */
  readonly mounts: Readonly<Record<string, string>>;
}

/** Of the pods' network. */
const network = "10.142.7";

/**
 * Pods that share a network and nothing else, made of Linux' namespaces, as containers are: so servers can have the names,
 * the ports and the paths that they have in a cluster. Needs no rights beyond those to make a user namespace.
 */
export class PodNetwork {
  private readonly pods: SimulatedPod[] = [];

  private constructor(
    private readonly group: ProcessGroup,
    private readonly folder: string,
    private readonly holder: string,
  ) {}

  /**
   * Makes a network without pods.
   *
   * @param folder - for everything
   */
  static async create(group: ProcessGroup, folder: string): Promise<PodNetwork> {
    const hosts = join(folder, "hosts");
    writeFileSync(hosts, "127.0.0.1 localhost\n");
    const script = [
      "set -eu",
      "ip link set lo up",
      "ip link add pods type bridge",
      `ip addr add ${network}.254/24 dev pods`,
      "ip link set pods up",
      `mount --bind ${hosts} /etc/hosts`,
      ...hold(join(folder, "network.pid")),
    ];
    const args = ["--user", "--map-root-user", "--net", "--mount", "sh", "-c", script.join("\n")];
    const log = join(folder, "network.log");
    const program = group.start({ command: "unshare", args, env: {}, log });
    return new PodNetwork(group, folder, await heldBy(join(folder, "network.pid"), program));
  }

  /** Makes a pod, in which nothing runs yet. */
  async addPod(name: string, { programs, mounts }: PodFiles): Promise<SimulatedPod> {
    const index = this.pods.length + 1;
    const home = join(this.folder, name);
    const root = join(home, "root");
    mkdirSync(root, { recursive: true });
    const address = `${network}.${index}`;
    const script = [
      "set -eu",
      "ip link set lo up",
      `ip link add eth0 type veth peer name pod${index} netns ${this.holder}`,
      `ip addr add ${address}/24 dev eth0`,
      "ip link set eth0 up",
      `nsenter --target ${this.holder} --net ip link set pod${index} master pods up`,
      `mount -t tmpfs root ${root}`,
      `mkdir -p ${root}/etc ${root}/proc ${root}/tmp`,
      `touch ${root}/etc/hosts`,
      `mount --bind ${join(this.folder, "hosts")} ${root}/etc/hosts`,
      `mount --rbind /proc ${root}/proc`,
      ...Object.entries(programs).flatMap(([file, path]) => [
        `touch ${root}/${file}`,
        `mount --bind ${path} ${root}/${file}`,
      ]),
      ...Object.entries(mounts).flatMap(([path, source]) => [
        `mkdir -p ${root}${path}`,
        `mount --bind ${source} ${root}${path}`,
      ]),
      ...hold(join(home, "pod.pid")),
    ];
    const log = join(home, "pod.log");
    const args = [...this.enter(), "unshare", "--net", "--mount", "sh", "-c", script.join("\n")];
    await heldBy(join(home, "pod.pid"), this.group.start({ command: "nsenter", args, env: {}, log }));
    const pod = { name, address };
    this.pods.push(pod);
    return pod;
  }

  /**
   * Says what names lead to: a pod's own name, and those of Services.
   *
   * @param hosts - from name to pod
   */
  resolve(hosts: Readonly<Record<string, SimulatedPod>>): void {
    const lines = Object.entries(hosts).map(([name, { address }]) => `${address} ${name}`);
    // In place: pods have mounted this very file.
    writeFileSync(join(this.folder, "hosts"), ["127.0.0.1 localhost", ...lines, ""].join("\n"));
  }

  /** Starts a pod's container. */
  startIn(
    pod: SimulatedPod,
    command: readonly string[],
    env: Readonly<Record<string, string>>,
  ): RunningProgram {
    const home = join(this.folder, pod.name);
    const holder = readFileSync(join(home, "pod.pid"), "utf8").trim();
    const namespaces = ["--target", holder, "--user", "--preserve-credentials", "--net", "--mount"];
    return this.group.start({
      command: "nsenter",
      args: [...namespaces, "chroot", join(home, "root"), ...command],
      env,
      log: join(home, "container.log"),
    });
  }

  /** Runs a program of this machine on the pods' network, until it ends. */
  async runOutside(
    command: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<string> {
    return (await run("nsenter", [...this.enter(), ...command], { env, timeout: 60_000 })).stdout;
  }

  private enter(): readonly string[] {
    return ["--target", this.holder, "--user", "--preserve-credentials", "--net", "--mount"];
  }
}

/** The end of a script: says who keeps the namespaces, and keeps them. */
function hold(file: string): readonly string[] {
  return [`echo $$ > ${file}.new`, `mv ${file}.new ${file}`, "exec sleep infinity"];
}

async function heldBy(file: string, program: RunningProgram): Promise<string> {
  await eventually("the namespaces are there", () => existsSync(file), { program });
  return readFileSync(file, "utf8").trim();
}
