import { scriptsFolder, type BackupSource, type BackupStep } from "./backup-source";
import { sqliteDumpScript } from "./dump-scripts";
import { sqliteRestoreScript } from "./restore-scripts";

/** A database that is a file on the volume of a pod. */
export interface SqliteBackupArgs {
  /** Name of the workload that has it open. */
  readonly workload: string;
  readonly app: string;
  /** Name of the claim. */
  readonly claim: string;
  /** Path of the file, below the claim's root. */
  readonly file: string;
  /** Full reference of an image with Python. */
  readonly image: string;
  /** Size of the claim. */
  readonly storageSize: string;
}

const folder = "/data";

/**
 * The dump of a database of SQLite. It runs on the node of the pod that has the volume, since most volumes are one
 * node's at a time; the restore waits until that pod is gone.
 */
export function sqliteBackupSource(args: SqliteBackupArgs): BackupSource {
  const step = (script: "dump" | "restore", nodes: BackupStep["nodes"]): BackupStep => ({
    volumes: { database: { claim: args.claim } },
    nodes,
    container: {
      image: args.image,
      command: ["python3", `${scriptsFolder}/${script}.py`],
      env: { DATABASE_FILE: `${folder}/${args.file}` },
      mounts: [{ volume: "database", path: folder, readOnly: script === "dump" }],
      resources: "small",
    },
  });
  return {
    app: args.app,
    extension: "db.gz",
    scripts: { "dump.py": sqliteDumpScript, "restore.py": sqliteRestoreScript },
    scratchSize: args.storageSize,
    egress: [],
    dump: step("dump", { besidePodsOf: args.workload }),
    restore: step("restore", { awayFromPodsOf: args.workload }),
    dumpsBeforeRestore: false,
  };
}
