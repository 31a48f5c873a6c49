import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Root of the checkout. */
export const project = dirname(__dirname);

/** Where everything of one embedded environment lies. All of it is private to the user (mode 0700). */
export interface Layout {
  /** The state directory itself, absolute: `.local` of the checkout unless ALGORUN_LOCAL names another. */
  readonly directory: string;
  /** Programs that `make env` puts on the PATH. */
  readonly bin: string;
  /** Data of etcd and configuration files of the control plane. */
  readonly cluster: string;
  /** The connection settings that the Pulumi program reads. */
  readonly environmentFile: string;
  /** Data and configuration of the Kafka broker. */
  readonly kafka: string;
  /** kubeconfig of the administrator. */
  readonly kubeconfig: string;
  /** One log file for each process. */
  readonly logs: string;
  /** The certificate authority and what it issued. */
  readonly pki: string;
  /** The ports chosen at the first start. */
  readonly portsFile: string;
  /** One record for each process that was started. */
  readonly processes: string;
  /** PULUMI_HOME: plugins and the selected stack. */
  readonly pulumiHome: string;
  /** The file backend of Pulumi: stacks and their history. */
  readonly pulumiState: string;
  /** TMPDIR of what runs in the environment. */
  readonly temporary: string;
}

/** The layout of the environment in `directory`, which need not exist yet. */
export function layoutOf(directory: string): Layout {
  const root = resolve(directory);
  return {
    directory: root,
    bin: join(root, "bin"),
    cluster: join(root, "cluster"),
    environmentFile: join(root, "environment.json"),
    kafka: join(root, "kafka"),
    kubeconfig: join(root, "kubeconfig"),
    logs: join(root, "logs"),
    pki: join(root, "pki"),
    portsFile: join(root, "ports.json"),
    processes: join(root, "processes"),
    pulumiHome: join(root, "pulumi"),
    pulumiState: join(root, "state"),
    temporary: join(root, "tmp"),
  };
}

/** Makes the folders of a layout that are not there yet. */
export function createFolders(layout: Layout): void {
  const folders = [layout.directory, layout.bin, layout.cluster, layout.kafka, layout.logs, layout.processes];
  for (const folder of [...folders, layout.pulumiHome, layout.pulumiState, layout.temporary]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}
