import { execFile } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { bucketPolicy } from "../../components/data/object-storage/bucket-policy";
import {
  minioAdministrator,
  minioArguments,
  minioBucketScript,
  minioEnvironment,
  type MinioPaths,
} from "../../components/data/object-storage/minio-scripts";
import { resolveTools } from "../../local/toolchain/toolchain";
import { eventually, type ProcessGroup, type RunningProgram } from "./process-group";

const run = promisify(execFile);

/** Password of the administrator `algorun`. */
export const minioRootPassword = "rootSecret0001";

/** A running MinIO. */
export interface MinioServer {
  readonly endpoint: string;
  /** A PATH with MinIO's client on it. */
  readonly path: string;
  /** Runs the script that makes a bucket, as its Job does. */
  makeBucket(bucket: string, user?: Partial<BucketUser>): Promise<void>;
  /** Folder with the access key of the user of a bucket, as files. */
  keysOf(bucket: string): string;
  /** Runs MinIO's client as the user of a bucket, who knows the server as `s`. */
  asUserOf(bucket: string, ...args: readonly string[]): Promise<string>;
  /** The same with an access key. */
  asUser(accessKey: string, ...args: readonly string[]): Promise<string>;
}

/** A running MinIO that can be stopped and started again. */
export interface RestartableMinio extends MinioServer {
  /** The server, as it was started last. */
  program(): RunningProgram;
  /** Starts it again once it was stopped. */
  restart(): Promise<void>;
}

/** The user that a bucket is made with. */
export interface BucketUser {
  readonly accessKey: string;
  readonly retired: readonly string[];
}

/**
 * Starts a MinIO from what `ObjectStorage` renders.
 *
 * @param folder - for everything
 * @param address - `host:port` on the loopback network
 */
export async function startMinio(
  group: ProcessGroup,
  folder: string,
  address: string,
): Promise<RestartableMinio> {
  const { mc, minio } = await resolveTools(["mc", "minio"]);
  const path = `${dirname(mc.path)}:${process.env["PATH"] ?? ""}`;
  const endpoint = `http://${address}`;
  const root = join(folder, "root");
  writeMounted(root, { "root-user": "algorun", "root-password": minioRootPassword });
  writeMounted(folder, { "config.env": minioAdministrator("algorun", minioRootPassword) });
  const startServer = async (): Promise<RunningProgram> => {
    const started = group.start({
      command: minio.path,
      args: minioArguments(join(folder, "data"), address),
      env: minioEnvironment(join(folder, "config.env")),
      log: join(folder, "minio.log"),
    });
    const isReady = (): Promise<boolean> => answers(`${endpoint}/minio/health/ready`);
    await eventually("the server is ready", isReady, { program: started });
    return started;
  };
  let program = await startServer();
  const keysOf = (bucket: string): string => join(folder, bucket, "user");
  return {
    endpoint,
    path,
    program: () => program,
    restart: async () => {
      program = await startServer();
    },
    keysOf,
    async makeBucket(bucket, { accessKey = bucket, retired = [] } = {}) {
      const home = join(folder, bucket);
      const paths: MinioPaths = { root, user: keysOf(bucket), policy: join(home, "policy.json") };
      writeMounted(home, {
        "policy.json": bucketPolicy(bucket),
        "bucket.sh": minioBucketScript({ endpoint, bucket, paths, retired }),
      });
      writeMounted(paths.user, { "access-key-id": accessKey, "secret-access-key": secretOf(accessKey) });
      // Nothing of the Job's environment but where programs are.
      await run("sh", [join(home, "bucket.sh")], { env: { PATH: path, HOME: home } });
    },
    asUserOf: (bucket, ...args) => asUser(bucket, ...args),
    asUser,
  };

  async function asUser(accessKey: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run("mc", [...args], {
      env: {
        PATH: path,
        HOME: folder,
        MC_CONFIG_DIR: join(folder, "mc"),
        MC_HOST_s: `http://${accessKey}:${secretOf(accessKey)}@${address}`,
      },
    });
    return stdout;
  }
}

function secretOf(bucket: string): string {
  return `${bucket.replace(".", "")}Secret02`;
}

/** Writes files as the kubelet mounts a Secret, by links. */
export function writeMounted(folder: string, files: Readonly<Record<string, string>>): void {
  const version = join(folder, "..version");
  mkdirSync(version, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(version, name), text);
    rmSync(join(folder, name), { force: true });
    symlinkSync(join(version, name), join(folder, name));
  }
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
