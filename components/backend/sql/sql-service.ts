import type * as pulumi from "@pulumi/pulumi";
import type { SqlService } from "../../platform-services";
import type { SystemContext } from "../../system-context";
import type { ContainerResources } from "../../workload/container-resources";
import type { ServerTls } from "../../workload/server-tls";
import { ExternalSql, type ExternalSqlSettings } from "./external-sql";
import type { RdsSettings, RdsSqlArgs } from "./rds-args";
import { RdsSql } from "./rds-sql";
import { Sql, type SqlArgs } from "./sql";
import type { SqlEngineName } from "./sql-engine";

/** A database in the cluster, one that AWS runs for us, or one that somebody else runs. */
export type SqlSettings =
  | {
      /** @default "cluster" */
      readonly mode?: "cluster";
      readonly engine: SqlEngineName;
      readonly resources?: ContainerResources;
      /** Size of the volume. */
      readonly storageSize?: string;
      readonly tls?: ServerTls & { readonly secretName: string };
    }
  | ({ readonly mode: "rds" } & RdsSettings)
  | ({ readonly mode: "external" } & ExternalSqlSettings);

/** What the database is made from beside its settings. */
export interface SqlChoice {
  /** Who may connect to one in the cluster. */
  readonly clients: NonNullable<SqlArgs["clients"]>;
  /** Certificate of one in the cluster. @default that of the settings */
  readonly tls?: ServerTls | undefined;
  /** Password of the owner of an external database. */
  readonly password?: pulumi.Output<string> | undefined;
  readonly transform?: SqlArgs["transform"];
  readonly rdsTransform?: RdsSqlArgs["transform"];
}

/**
 * Makes the database of a platform.
 *
 * @throws Error for settings that need what is not there
 */
export function makeSql(
  name: string,
  settings: SqlSettings,
  { clients, tls, password, transform, rdsTransform }: SqlChoice,
  context: SystemContext,
): SqlService {
  const { retainData, elsewhere } = context;
  const generation = context.generation("sql");
  switch (settings.mode) {
    case "rds": {
      const account = context.aws();
      return new RdsSql(
        name,
        { ...settings, account, generation, retainData, transform: rdsTransform },
        elsewhere,
      );
    }
    case "external":
      if (password === undefined) throw new Error("an external database needs a password");
      return new ExternalSql(name, { ...settings, password }, elsewhere);
    case "cluster":
    case undefined: {
      const image = context.image(settings.engine);
      return new Sql(
        name,
        { ...settings, ...context.shared, ...(tls && { tls }), clients, generation, image, transform },
        context.inCluster,
      );
    }
  }
}
