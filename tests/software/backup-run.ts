import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { scriptsFolder, type BackupSource } from "../../components/backend/backup/backup-source";
import { fetchScript, uploadScript } from "../../components/backend/backup/storage-scripts";
import { settle } from "../harness/deploy";
import type { MinioServer } from "./minio-server";

const run = promisify(execFile);

/** A backup as its pods run it, on this machine. */
export interface BackupUnderTest {
  readonly source: BackupSource;
  readonly storage: MinioServer;
  readonly bucket: string;
  readonly prefix: string;
  readonly keep: number;
  /** Folder for everything. */
  readonly folder: string;
  /** Variables that stand for what the pod mounts elsewhere. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the programs of the server's image. @default on the PATH */
  readonly programs?: string;
}

/** Runs the containers of a backup's pod one after another; what they printed. */
export async function dump(backup: BackupUnderTest): Promise<string> {
  return (await runStep(backup, "dump")) + (await transfer(backup, "upload.sh"));
}

/** Runs the containers of a restore's pod one after another; what they printed. */
export async function restore(backup: BackupUnderTest, chosen = ""): Promise<string> {
  const fetched = await transfer(backup, "fetch.sh", { DUMP: chosen });
  if (!backup.source.dumpsBeforeRestore) return fetched + (await runStep(backup, "restore"));
  const before = { ...backup, prefix: `${backup.prefix}-before-restore` };
  const work = { WORK: join(backup.folder, "work", "before") };
  const kept = (await runStep(before, "dump", work)) + (await transfer(before, "upload.sh", work));
  return fetched + kept + (await runStep(backup, "restore"));
}

/** Runs the container that talks to what is dumped or restored. */
export async function runStep(
  backup: BackupUnderTest,
  direction: "dump" | "restore",
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { container } = backup.source[direction];
  const [program = "", script = ""] = await Promise.all((container.command ?? []).map(settle));
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(container.env ?? {})) own[name] = await settle(value);
  const variables = { ...own, ...backup.env, ...env };
  return await execute(backup, program, script.replace(`${scriptsFolder}/`, ""), variables);
}

/** Runs the container that talks to the storage. */
export async function transfer(
  backup: BackupUnderTest,
  script: "upload.sh" | "fetch.sh",
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { storage, bucket, prefix, keep, source } = backup;
  return await execute(backup, "sh", script, {
    BUCKET: bucket,
    EXTENSION: source.extension,
    KEEP: String(keep),
    PREFIX: prefix,
    STORAGE_ENDPOINT: storage.endpoint,
    STORAGE_KEYS: storage.keysOf(bucket),
    ...env,
  });
}

async function execute(
  { source, folder, programs, storage }: BackupUnderTest,
  program: string,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const scripts: Record<string, string> = {
    ...source.scripts,
    "upload.sh": uploadScript,
    "fetch.sh": fetchScript,
  };
  const file = join(folder, script);
  writeFileSync(file, scripts[script] ?? "");
  const work = join(folder, "work");
  mkdirSync(work, { recursive: true });
  const PATH = programs === undefined ? storage.path : `${programs}:${storage.path}`;
  const { stdout, stderr } = await run(program, [file], { env: { PATH, HOME: folder, WORK: work, ...env } });
  return stdout + stderr;
}
