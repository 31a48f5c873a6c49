import { z } from "zod";
import { defaultThresholds } from "../pipelines/observability/alert-thresholds";
import { count } from "./values";

const share = z.number("a number above 0").gt(0, "a number above 0").max(1, "a number up to 1");

/** When somebody is told of a pipeline. */
export const alertsSchema = z.strictObject({
  lag: count(1)
    .default(defaultThresholds.lag)
    .describe("Messages that a component may be behind in one topic, where its autoscaling does not say it"),
  errorRatio: share
    .default(defaultThresholds.errorRatio)
    .describe("Share of an algo's messages that may fail"),
  retryRatio: z
    .number("a number above 0")
    .gt(0, "a number above 0")
    .default(defaultThresholds.retryRatio)
    .describe("Retries for each message that an algo finishes"),
  logFill: share
    .default(defaultThresholds.logFill)
    .describe("Share of the volume of a write-ahead log that may be full"),
  noTrafficHours: count(0)
    .max(24, "at most 24 hours, as they are compared with the day before")
    .default(defaultThresholds.noTrafficHours)
    .describe(
      "Hours of silence that are too many where there was traffic the day before; 0: any number is fine",
    ),
});
