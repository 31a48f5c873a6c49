import * as pulumi from "@pulumi/pulumi";
import { imageReference, images } from "../../images";
import { resolveResources } from "../../workload/container-resources";
import { mebibytes } from "../../workload/mebibytes";
import { podsOf } from "../../workload/network-policy";
import type { ContainerArgs, PortArgs, ProbesArgs, VolumeArgs } from "../../workload/pod-args";
import { execProbe, tcpProbe } from "../../workload/probes";
import { headlessSuffix, type StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import type { RedisArgs } from "./redis";
import {
  probeUser,
  redisPort,
  renderRedisConfig,
  renderRedisUsers,
  renderReplicationLogin,
  type RedisPasswords,
} from "./redis-config";

/** Share of the container's memory that data may take; the rest is for connections and for rewriting the file. */
const dataShare = 0.6;

/** Where the pod has its files. */
export const redisFolders = {
  config: "/etc/valkey/config",
  users: "/etc/valkey/users",
  certificates: "/etc/valkey/certificates",
  data: "/data",
} as const;

const loginFile = "replication.conf";

/** The part of a server among two. */
export interface RedisPart {
  /** Names of both servers, this one's first. */
  readonly members: readonly [string, string];
  /** Name of the server that takes writes. */
  readonly primary: string;
  /** Whether the Service of the clients and the budget of both are this server's. */
  readonly hasService: boolean;
}

/** What one server is made from. */
export interface RedisServerArgs {
  readonly redis: RedisArgs;
  readonly passwords: pulumi.Output<RedisPasswords>;
  /** @default the only server */
  readonly part?: RedisPart;
}

/** The workload of one server. */
export function redisServer({ redis, passwords, part }: RedisServerArgs): StatefulSetWorkloadArgs {
  const image = redis.image ?? images.valkey;
  return {
    namespace: redis.namespace,
    app: { name: "valkey", component: "cache", version: image.tag },
    defaults: redis.defaults,
    transform: redis.transform,
    volumes: {
      config: { files: { "valkey.conf": configOf(redis, part) } },
      users: { secretFiles: userFiles(passwords, part) },
      ...certificates(redis),
    },
    claims: { data: { size: redis.storageSize ?? "2Gi" } },
    ...(part && besideAnother(part)),
    containers: [containerOf(redis, imageReference(image), part)],
  };
}

/** Host of a server, which is there before the server is ready. */
export function redisServerHost(name: string, namespace: string): string {
  return `${name}-0.${name}-${headlessSuffix}.${namespace}.svc`;
}

/** Two servers are spread as one system, and reach each other. */
function besideAnother({
  members,
  primary,
  hasService,
}: RedisPart): Pick<StatefulSetWorkloadArgs, "egress" | "maxUnavailable" | "members" | "services"> {
  const [, other] = members;
  return {
    members,
    services: hasService ? [{ leadsTo: primary }] : [],
    maxUnavailable: hasService ? 1 : false,
    egress: [{ peers: [podsOf(other)], ports: [redisPort] }],
  };
}

function configOf(redis: RedisArgs, part: RedisPart | undefined): pulumi.Output<string> {
  const { limits } = resolveResources(redis.resources, "small");
  return pulumi.output(redis.namespace).apply((namespace) =>
    renderRedisConfig({
      port: redisPort,
      dataFolder: redisFolders.data,
      usersFile: `${redisFolders.users}/users.acl`,
      maxMemory: Math.floor(mebibytes(limits["memory"] ?? "") * dataShare),
      certificatesFolder: redis.tls && redisFolders.certificates,
      replication: part && {
        loginFile: `${redisFolders.users}/${loginFile}`,
        primaryHost: part.primary === part.members[0] ? undefined : redisServerHost(part.primary, namespace),
      },
    }),
  );
}

function userFiles(
  passwords: pulumi.Output<RedisPasswords>,
  part: RedisPart | undefined,
): Readonly<Record<string, pulumi.Output<string>>> {
  return {
    "users.acl": passwords.apply(renderRedisUsers),
    ...(part && {
      [loginFile]: passwords.apply(({ replica }) => renderReplicationLogin(replica?.[0] ?? "")),
    }),
  };
}

function certificates({ tls }: RedisArgs): Readonly<Record<string, VolumeArgs>> {
  return tls === undefined ? {} : { certificates: { secret: tls.secretName } };
}

function containerOf(redis: RedisArgs, image: string, part: RedisPart | undefined): ContainerArgs {
  return {
    name: "redis",
    image,
    command: ["valkey-server", `${redisFolders.config}/valkey.conf`],
    ports: [{ name: "redis", port: redisPort, ...clients(redis, part) }],
    resources: resolveResources(redis.resources, "small"),
    mounts: [
      { volume: "config", path: redisFolders.config },
      { volume: "users", path: redisFolders.users },
      { volume: "data", path: redisFolders.data },
      ...(redis.tls ? [{ volume: "certificates", path: redisFolders.certificates }] : []),
    ],
    probes: probes(redis.tls !== undefined),
  };
}

function clients(redis: RedisArgs, part: RedisPart | undefined): Pick<PortArgs, "clients"> {
  if (part === undefined) return redis.clients === undefined ? {} : { clients: redis.clients };
  return { clients: [...(redis.clients ?? []), podsOf(part.members[1])] };
}

function probes(tls: boolean): ProbesArgs {
  const secured = tls ? ` --tls --cacert ${redisFolders.certificates}/ca.crt` : "";
  const ping = `valkey-cli${secured} --no-auth-warning --user ${probeUser} --pass none ping | grep -q PONG`;
  return {
    liveness: tcpProbe("redis"),
    // While the file is read at start, the server answers "loading" and must get no work.
    readiness: execProbe(["sh", "-c", ping]),
    startup: tcpProbe("redis", { failureThreshold: 30 }),
  };
}
