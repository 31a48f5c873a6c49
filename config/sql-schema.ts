import { z } from "zod";
import { externalSqlSchema } from "./external-sql-schema";
import { rdsSchema } from "./rds-schema";
import { dnsLabel, storedSystem } from "./values";

const cluster = z.strictObject({
  mode: z
    .literal("cluster")
    .optional()
    .describe(
      "The database runs in the cluster, one server without a replica: docs/operations.md says what a failure costs; so it does without a mode",
    ),
  ...storedSystem,
  engine: z
    .enum(["postgresql", "mariadb"])
    .default("postgresql")
    .describe("Which database runs in the cluster"),
  tls: z
    .strictObject({
      secretName: dnsLabel.describe(
        "Secret with tls.crt, tls.key and ca.crt in the platform's namespace, for the name sql.{namespace}.svc",
      ),
    })
    .optional()
    .describe(
      "Takes only encrypted connections, by a certificate of your own rather than one of certificates",
    ),
});

/** The database of AlgoRun's own services: in the cluster, one that AWS runs, or one that somebody else runs. */
export const sqlSchema = z.discriminatedUnion("mode", [cluster, rdsSchema, externalSqlSchema]);
