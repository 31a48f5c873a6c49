import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { BucketAccess, BucketKey, ObjectStorageService } from "../../platform-services";
import { CronJobWorkload, type CronJobWorkloadArgs } from "../../workload/cron-job-workload";
import type { ContainerArgs, InitContainerArgs } from "../../workload/pod-args";
import type { PodDefaults } from "../../workload/pod-defaults";
import { scriptsFolder, workFolder, type BackupSource, type BackupStep } from "./backup-source";
import { fetchScript, uploadScript } from "./storage-scripts";

/** Arguments of {@link Backup}. */
export interface BackupArgs {
  readonly namespace: pulumi.Input<string>;
  /** What is dumped, and how. */
  readonly source: BackupSource;
  /** When, as cron writes it, in UTC. */
  readonly schedule: string;
  /** Number of dumps that are kept. */
  readonly keep: number;
  readonly storage: Pick<ObjectStorageService, "endpoint" | "address">;
  readonly bucket: BucketAccess & { readonly login: BucketKey };
  /** Full reference of MinIO's client, which speaks to every S3-compatible storage. */
  readonly clientImage: pulumi.Input<string>;
  readonly defaults?: PodDefaults;
}

/** Folder with the access key of the bucket. */
const keysFolder = "/etc/algorun/storage";

/** Where the state from before a restore is dumped to. */
const beforeFolder = `${workFolder}/before`;

/** Names of the pods' workloads, by which others let them in. */
export function backupWorkloads(name: string): { readonly dump: string; readonly restore: string } {
  return { dump: `${name}-backup`, restore: `${name}-restore` };
}

/**
 * Dumps the state of a database to object storage by a schedule, and brings it back: `{name}-backup` runs by itself,
 * `{name}-restore` is a template that never does, and that `make restore` makes a Job of.
 */
export class Backup extends Component {
  readonly nodes: { readonly dump: CronJobWorkload; readonly restore: CronJobWorkload };
  private readonly args: BackupArgs;

  constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:Backup", name, opts);
    this.args = args;
    const options = this.childOptions({ dependsOn: [...args.bucket.ready] });
    const names = backupWorkloads(name);
    const dump = new CronJobWorkload(names.dump, this.dumpWorkload(), options);
    const restore = new CronJobWorkload(names.restore, this.restoreWorkload(), options);
    this.nodes = { dump, restore };
    this.registerOutputs({ dump: names.dump, restore: names.restore });
  }

  private dumpWorkload(): CronJobWorkloadArgs {
    const { source, schedule } = this.args;
    return {
      ...this.workload("backup", source.dump),
      schedule,
      initContainers: [step("dump", source.dump, workFolder)],
      containers: [this.transfer("upload", this.logicalName, workFolder)],
    };
  }

  private restoreWorkload(): CronJobWorkloadArgs {
    const { source } = this.args;
    const before: InitContainerArgs[] = [
      step("dump-before", source.dump, beforeFolder),
      this.transfer("upload", `${this.logicalName}-before-restore`, beforeFolder),
    ];
    return {
      ...this.workload("restore", source.restore),
      // It never runs by itself; the schedule is there since the kind demands one.
      schedule: "0 0 1 1 *",
      suspend: true,
      // A restore that has failed is for somebody to look at.
      backoffLimit: 0,
      initContainers: [
        this.transfer("fetch", this.logicalName, workFolder),
        ...(source.dumpsBeforeRestore ? before : []),
      ],
      containers: [step("restore", source.restore, workFolder)],
    };
  }

  private workload(
    component: "backup" | "restore",
    { volumes, nodes }: BackupStep,
  ): Omit<CronJobWorkloadArgs, "containers" | "schedule"> {
    const { namespace, source, storage, bucket, defaults } = this.args;
    return {
      namespace,
      app: { name: source.app, component },
      ...(defaults && { defaults }),
      ...(nodes && { nodes }),
      egress: [storage.address, ...source.egress],
      volumes: {
        ...volumes,
        scripts: { files: { ...source.scripts, "upload.sh": uploadScript, "fetch.sh": fetchScript } },
        storage: {
          secretFiles: {
            "access-key-id": bucket.login.accessKeyId,
            "secret-access-key": bucket.login.secretAccessKey,
          },
        },
        work: { scratch: { size: source.scratchSize, storageClass: defaults?.storageClass } },
      },
    };
  }

  /** The container that talks to the storage. */
  private transfer(direction: "upload" | "fetch", prefix: string, work: string): ContainerArgs {
    const { clientImage, storage, bucket, keep, source } = this.args;
    return {
      name: direction,
      image: clientImage,
      command: ["sh", `${scriptsFolder}/${direction}.sh`],
      env: {
        BUCKET: bucket.bucket,
        EXTENSION: source.extension,
        KEEP: String(keep),
        PREFIX: prefix,
        STORAGE_ENDPOINT: storage.endpoint,
        STORAGE_KEYS: keysFolder,
        WORK: work,
      },
      mounts: [
        { volume: "scripts", path: scriptsFolder },
        { volume: "storage", path: keysFolder },
        { volume: "work", path: workFolder },
      ],
      resources: "small",
    };
  }
}

/** The container that talks to what is dumped or restored. */
function step(name: string, { container }: BackupStep, work: string): ContainerArgs {
  return {
    resources: "small",
    ...container,
    name,
    env: { ...container.env, WORK: work },
    mounts: [
      { volume: "scripts", path: scriptsFolder },
      { volume: "work", path: workFolder },
      ...(container.mounts ?? []),
    ],
  };
}
