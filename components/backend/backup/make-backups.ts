import type * as pulumi from "@pulumi/pulumi";
import { imageReference } from "../../images";
import type { ObjectStorageService } from "../../platform-services";
import type { SystemContext } from "../../system-context";
import { Backup } from "./backup";
import type { BackupSource } from "./backup-source";

/** What a stack decides about its dumps. */
export interface BackupSettings {
  readonly enabled: boolean;
  /** When, as cron writes it, in UTC. */
  readonly schedule: string;
  /** Number of dumps that are kept. */
  readonly keep: number;
  readonly bucket: string;
}

/** What is dumped, by the system's name; undefined: whoever runs it sees to that. */
export type BackupSources = Readonly<Record<string, BackupSource | undefined>>;

/**
 * Makes dumps of what can't be made anew: the bucket is retained like all others.
 *
 * @param bucketOptions - options of the bucket
 * @throws Error for a storage that gives no keys: dumps log in by a key
 */
export function makeBackups(
  { schedule, keep, bucket: name }: BackupSettings,
  sources: BackupSources,
  storage: ObjectStorageService,
  bucketOptions: pulumi.ComponentResourceOptions,
  context: SystemContext,
): void {
  const users = Object.keys(sources);
  const bucket = storage.createBucket(
    { name, namespace: context.shared.namespace, readers: users, writers: users },
    bucketOptions,
  );
  const { login } = bucket;
  if (login.kind !== "key") throw new Error("dumps need a storage that gives keys");
  const clientImage = imageReference(context.image("minioClient"));
  for (const [system, source] of Object.entries(sources)) {
    if (source === undefined) continue;
    const args = {
      schedule,
      keep,
      ...context.shared,
      source,
      bucket: { bucket: bucket.bucket, login, ready: bucket.ready },
      storage,
      clientImage,
    };
    new Backup(system, args, context.inCluster);
  }
}
