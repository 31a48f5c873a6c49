import { z } from "zod";
import { count } from "./values";

const cronForm = 'the five fields of cron, such as "17 2 * * *" for 2:17 UTC each night';

/** Scheduled dumps. */
export const backupsSchema = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether SQL and Grafana are dumped at all"),
  schedule: z
    .string(cronForm)
    .regex(/^\S+( \S+){4}$/, cronForm)
    .default("17 2 * * *")
    .describe("When, as cron writes it, in UTC"),
  keep: count(1).default(14).describe("Number of dumps of each system that are kept"),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "3 to 63 of a-z, 0-9, dot and hyphen")
    .default("algorun-backups")
    .describe("Bucket that the dumps go to; in an external storage it must exist"),
});
