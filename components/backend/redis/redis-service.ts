import type * as pulumi from "@pulumi/pulumi";
import type { NetworkAddress, RedisService } from "../../platform-services";
import type { SystemContext } from "../../system-context";
import type { ServerTls } from "../../workload/server-tls";
import { ElastiCacheRedis, type ElastiCacheRedisArgs, type ElastiCacheSettings } from "./elasticache-redis";
import { ExternalRedis, type ExternalRedisSettings } from "./external-redis";
import { Redis, type RedisArgs } from "./redis";

/** Redis in the cluster, one that AWS runs for us, or one that somebody else runs. */
export type RedisSettings =
  | ({
      /** @default "cluster" */
      readonly mode?: "cluster";
      readonly tls?: ServerTls & { readonly secretName: string };
    } & Pick<RedisArgs, "primary" | "replicas" | "resources" | "storageSize">)
  | ({ readonly mode: "elasticache" } & ElastiCacheSettings)
  | ({ readonly mode: "external" } & ExternalRedisSettings);

/** What Redis is made from beside its settings. */
export interface RedisChoice {
  /** Who may connect to one in the cluster. */
  readonly clients: NetworkAddress["peers"];
  /** Where the certificate of one in the cluster is. @default none: connections are not encrypted */
  readonly tls?: ServerTls | undefined;
  /** Password of an external one. */
  readonly password?: pulumi.Output<string> | undefined;
  readonly transform?: RedisArgs["transform"];
  readonly elastiCacheTransform?: ElastiCacheRedisArgs["transform"];
}

/**
 * Makes the Redis of a platform.
 *
 * @throws Error for settings that need what is not there
 */
export function makeRedis(
  name: string,
  settings: RedisSettings,
  { clients, tls, password, transform, elastiCacheTransform }: RedisChoice,
  context: SystemContext,
): RedisService {
  const generation = context.generation("redis");
  switch (settings.mode) {
    case "elasticache": {
      const args = { ...settings, account: context.aws(), generation, transform: elastiCacheTransform };
      return new ElastiCacheRedis(name, args, context.elsewhere);
    }
    case "external":
      if (password === undefined) throw new Error("an external Redis needs a password");
      return new ExternalRedis(name, { ...settings, password }, context.elsewhere);
    case "cluster":
    case undefined: {
      const image = context.image("valkey");
      return new Redis(
        name,
        { ...settings, ...context.shared, ...(tls && { tls }), clients, generation, image, transform },
        context.inCluster,
      );
    }
  }
}
