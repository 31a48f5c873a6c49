import { z } from "zod";
import { count, text } from "./values";

/** A database that AWS runs, in two zones. */
export const rdsSchema = z.strictObject({
  mode: z.literal("rds").describe("Amazon RDS runs the database"),
  engine: z.enum(["postgresql", "mariadb"]).default("postgresql").describe("Which database"),
  engineVersion: text
    .optional()
    .describe("Version, as RDS names it; without it 18 of PostgreSQL, 11.8 of MariaDB"),
  instanceClass: z
    .string()
    .regex(/^db\.[a-z0-9]+\.[a-z0-9]+$/, "a size such as db.m7g.large")
    .default("db.m7g.large")
    .describe("Size of each of the two servers"),
  allocatedStorage: count(20).default(50).describe("GiB at the beginning"),
  maxAllocatedStorage: count(20)
    .default(500)
    .describe("GiB that the storage grows to by itself; it never shrinks"),
  backupRetentionDays: z
    .int("7 to 35 days")
    .min(7, "7 to 35 days")
    .max(35, "7 to 35 days")
    .default(14)
    .describe("Days that the database can be put back to, 7 to 35"),
  caCertificate: text
    .optional()
    .describe("PEM of the region's bundle of RDS' authorities; without it clients bring their own"),
});
