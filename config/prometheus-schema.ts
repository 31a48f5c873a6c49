import { z } from "zod";
import { storedSystem, text } from "./values";

/** Metrics. */
export const prometheusSchema = z.strictObject({
  ...storedSystem,
  retention: text.default("15d").describe("How long samples are kept"),
});
