/** Where the scripts of MinIO find their files. */
export interface MinioPaths {
  /** Folder with `root-user` and `root-password` of the administrator. */
  readonly root: string;
  /** Folder with `access-key-id` and `secret-access-key` of the bucket's user. */
  readonly user: string;
  /** File with the policy of the bucket's user. */
  readonly policy: string;
}

/** Where the pods mount them. */
export const minioPaths: MinioPaths = {
  root: "/etc/minio/root",
  user: "/etc/minio/user",
  policy: "/etc/minio/bucket/policy.json",
};

/** What a bucket is made from. */
export interface MinioBucketScript {
  /** `http://host:port` of the server. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly paths: MinioPaths;
  /** Access keys that work no more. @default none */
  readonly retired?: readonly string[];
}

/**
 * Makes a bucket, its user and its policy with MinIO's client; all of it bears repeating. Secrets go by files, by the
 * environment and by pipes, never by arguments, which others can read.
 */
export function minioBucketScript({ endpoint, bucket, paths, retired = [] }: MinioBucketScript): string {
  const [scheme, host] = endpoint.split("://");
  return [
    "#!/bin/sh",
    "set -eu",
    "export MC_CONFIG_DIR=/tmp/mc",
    `MC_HOST_storage="${scheme}://$(cat ${paths.root}/root-user):$(cat ${paths.root}/root-password)@${host}"`,
    "export MC_HOST_storage",
    "mc ready storage",
    `mc mb --ignore-existing storage/${bucket}`,
    `access_key=$(cat ${paths.user}/access-key-id)`,
    `printf '%s\\n%s\\n' "$access_key" "$(cat ${paths.user}/secret-access-key)" | mc admin user add storage`,
    `mc admin policy create storage ${bucket} ${paths.policy}`,
    "# To attach a policy once more is an error; that it is attached is what counts.",
    `mc admin policy attach storage ${bucket} --user "$access_key" || true`,
    'case "$(mc admin user info storage "$access_key" --json)" in',
    `  *'"policyName":"${bucket}"'*) ;;`,
    '  *) echo "the policy is not attached" >&2; exit 1 ;;',
    "esac",
    ...retired.flatMap((accessKey) => [
      `if mc admin user info storage ${accessKey} > /dev/null 2>&1; then`,
      `  mc admin user remove storage ${accessKey}`,
      "fi",
    ]),
    "",
  ].join("\n");
}

/**
 * Environment of the server. The console is off: nothing here uses it, and it is one more way in.
 *
 * @param administrator - path of the file with {@link minioAdministrator}
 */
export function minioEnvironment(administrator: string): Readonly<Record<string, string>> {
  return {
    MINIO_BROWSER: "off",
    MINIO_CONFIG_ENV_FILE: administrator,
    MINIO_PROMETHEUS_AUTH_TYPE: "public",
    MINIO_UPDATE: "off",
  };
}

/** The administrator's name and password, as variables that the server reads from a file. */
export function minioAdministrator(user: string, password: string): string {
  return `MINIO_ROOT_USER=${user}\nMINIO_ROOT_PASSWORD=${password}\n`;
}

/**
 * Arguments of the server.
 *
 * @param locations - the one folder, or for several servers the address of each one's folder with MinIO's ellipsis
 * @param address - `host:port` to listen on
 */
export function minioArguments(locations: string, address: string): readonly string[] {
  return ["server", "--address", address, locations];
}
