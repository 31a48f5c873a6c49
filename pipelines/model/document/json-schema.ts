import { z } from "zod";
import { algoSchema } from "../schema/algo-schema";
import { dataConnectorSchema } from "../schema/connector-schema";
import { pipelineDeploymentSchema } from "../schema/pipeline-schema";

const documentSchema = z
  .union([pipelineDeploymentSchema, algoSchema, dataConnectorSchema])
  .describe("A document of AlgoRun.");

/**
 * JSON Schemas of the documents for editors, as text by file name: one for each kind, and `document.json` for
 * files that hold both.
 */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const text = (schema: z.ZodType): string =>
    `${JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, 2)}\n`;
  return {
    "algo.json": text(algoSchema),
    "data-connector.json": text(dataConnectorSchema),
    "document.json": text(documentSchema),
    "pipeline-deployment.json": text(pipelineDeploymentSchema),
  };
}
