import type * as pulumi from "@pulumi/pulumi";
import type { BucketKey, BucketRoles } from "../platform-services";
import type { DataAccess } from "./data-access";

/** Keys of the Secret with the key of a bucket. */
export const storageKeys = { accessKeyId: "access-key-id", secretAccessKey: "secret-access-key" } as const;

const tokenVolume = "aws-token";
const tokenFolder = "/var/run/secrets/algorun/aws";

/** How a container logs in by a key in a Secret. */
export function keyLogin(
  { accessKeyId, secretAccessKey }: BucketKey,
  secret: pulumi.Output<string>,
): DataAccess {
  return {
    env: {},
    secretEnv: {
      AWS_ACCESS_KEY_ID: { secret, key: storageKeys.accessKeyId },
      AWS_SECRET_ACCESS_KEY: { secret, key: storageKeys.secretAccessKey },
    },
    volumes: {},
    mounts: [],
    rollOn: [accessKeyId, secretAccessKey],
  };
}

/**
 * How a container logs in by a role: with a token that is worth nothing to the Kubernetes API, and that only this
 * container sees. EKS would inject the same into every container of a pod, the algo's own among them, if the service
 * account carried its annotation; so it doesn't.
 */
export function roleLogin(roles: BucketRoles, component: string): DataAccess {
  return {
    env: {
      AWS_ROLE_ARN: roles.roleOf(component),
      // The global endpoint is on the other side of the world, and no private network has it.
      AWS_STS_REGIONAL_ENDPOINTS: "regional",
      AWS_WEB_IDENTITY_TOKEN_FILE: `${tokenFolder}/token`,
    },
    secretEnv: {},
    volumes: { [tokenVolume]: { serviceAccountToken: { audience: roles.audience } } },
    mounts: [{ volume: tokenVolume, path: tokenFolder }],
    rollOn: [],
  };
}
