import { z } from "zod";
import { storedSystem } from "./values";

/** The database of AlgoRun's own services. */
export const sqlSchema = z.strictObject({
  ...storedSystem,
  engine: z
    .enum(["postgresql", "mariadb"])
    .default("postgresql")
    .describe("Which database runs in the cluster"),
});
