import { z } from "zod";
import { storedSystem } from "./values";

/** Counters of the rate limits. */
export const redisSchema = z.strictObject(storedSystem);
