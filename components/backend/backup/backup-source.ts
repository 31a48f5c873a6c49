import type { NetworkAddress } from "../../platform-services";
import type { ContainerArgs, NodeArgs, PodArgs } from "../../workload/pod-args";

/** One of the two directions: what it runs, beside the transfer from or to the object storage. */
export interface BackupStep {
  /**
   * Leaves the dump in `$WORK/dump`, or takes it from there. The script is mounted at {@link scriptsFolder}; variables,
   * mounts and image are the step's own.
   */
  readonly container: Pick<ContainerArgs, "image" | "command" | "env" | "mounts" | "resources">;
  /** Volumes that the container mounts beside those that every step has. */
  readonly volumes: NonNullable<PodArgs["volumes"]>;
  /** Where the pod must run. @default anywhere */
  readonly nodes?: NodeArgs;
}

/** Something whose state can be written to a file and read back: what differs between databases. */
export interface BackupSource {
  /** `app.kubernetes.io/name` of the pods. */
  readonly app: string;
  /** What the dumps' names end with, such as `sql.gz`. */
  readonly extension: string;
  /** Scripts by file name, in the language of their container. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Room that a dump may take. */
  readonly scratchSize: string;
  /** Where the pods must reach the thing itself; empty for files. */
  readonly egress: readonly NetworkAddress[];
  readonly dump: BackupStep;
  readonly restore: BackupStep;
  /** Whether the state that a restore replaces is dumped before, since nothing else would keep it. */
  readonly dumpsBeforeRestore: boolean;
}

/** Where the scripts are mounted. */
export const scriptsFolder = "/etc/algorun/backup";
/** Where a dump lies while its pod runs. */
export const workFolder = "/work";
