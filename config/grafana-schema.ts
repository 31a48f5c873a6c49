import { z } from "zod";
import { storedSystem } from "./values";

/** Dashboards. */
export const grafanaSchema = z.strictObject(storedSystem);
