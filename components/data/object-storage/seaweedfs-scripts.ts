import { stableJson } from "../../workload/stable-text";

/** Ports of the parts of SeaweedFS in one process; each is also reached by gRPC, 10000 higher. */
export const seaweedPorts = { master: 9333, volume: 8080, filer: 8888, s3: 8333 } as const;

/** How far the gRPC port is above the other. */
export const grpcOffset = 10_000;

/** What a bucket is made from. */
export interface SeaweedBucketScript {
  /** Host of the server. */
  readonly host: string;
  readonly bucket: string;
  /** Folder with `access-key-id` and `secret-access-key` of the bucket's user. */
  readonly user: string;
  /** Access keys that work no more. @default none */
  readonly retired?: readonly string[];
}

/**
 * Makes a bucket and its user with SeaweedFS's own shell; all of it bears repeating. The shell reads its commands from
 * a pipe, so that the secret is in no argument, and its answer, which repeats all users' secrets, is thrown away. A bucket that is there is an error that must not end the script.
 */
export function seaweedBucketScript({ host, bucket, user, retired = [] }: SeaweedBucketScript): string {
  const shell = `weed shell -master=${host}:${seaweedPorts.master} -filer=${host}:${seaweedPorts.filer}`;
  return [
    "#!/bin/sh",
    "set -eu",
    `access_key=$(cat ${user}/access-key-id)`,
    `secret_key=$(cat ${user}/secret-access-key)`,
    `printf 's3.bucket.create -name %s\\n' ${bucket} | ${shell} || true`,
    `printf 's3.configure -user %s -access_key %s -secret_key %s -buckets %s -actions Read,Write,List,Tagging -apply\\n' \\`,
    `  "$access_key" "$access_key" "$secret_key" ${bucket} | ${shell} > /dev/null`,
    ...retired.map(
      (accessKey) =>
        `printf 's3.configure -user %s -delete -apply\\n' ${accessKey} | ${shell} > /dev/null || true`,
    ),
    `case "$(printf 's3.bucket.list\\n' | ${shell})" in`,
    `  *" ${bucket}"*) ;;`,
    '  *) echo "the bucket was not made" >&2; exit 1 ;;',
    "esac",
    "",
  ].join("\n");
}

/**
 * The administrator, as a file of its own, without which everybody would be let in until the first user is made.
 *
 * @returns the S3 configuration of SeaweedFS
 */
export function seaweedIdentities(accessKey: string, secretKey: string): string {
  return stableJson({
    identities: [
      {
        name: accessKey,
        credentials: [{ accessKey, secretKey }],
        actions: ["Admin", "Read", "Write", "List", "Tagging"],
      },
    ],
  });
}

/**
 * Arguments of the server: master, volume server, filer and S3 interface in one process.
 *
 * @param host - name by which the parts find each other
 * @param folder - where everything is kept
 * @param identities - file of {@link seaweedIdentities}
 */
export function seaweedArguments(host: string, folder: string, identities: string): readonly string[] {
  return [
    "server",
    `-ip=${host}`,
    "-ip.bind=0.0.0.0",
    `-dir=${folder}`,
    `-master.port=${seaweedPorts.master}`,
    // Small volumes: a small disk would be full of empty ones otherwise.
    "-master.volumeSizeLimitMB=1024",
    `-volume.port=${seaweedPorts.volume}`,
    "-volume.max=0",
    "-filer=true",
    `-filer.port=${seaweedPorts.filer}`,
    "-s3=true",
    `-s3.port=${seaweedPorts.s3}`,
    `-s3.config=${identities}`,
  ];
}
