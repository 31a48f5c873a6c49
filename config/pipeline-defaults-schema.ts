import { z } from "zod";
import { resources } from "./values";

const containerSize = z
  .union(
    [z.enum(["tiny", "small", "medium", "large"]), resources],
    "tiny, small, medium, large, or a mapping with requests and limits",
  )
  .meta({ id: "containerSize", description: "`tiny`, `small`, `medium` or `large`, or resources" });

/** Resources of a pipeline's components whose document states none. */
export const pipelineDefaultsSchema = z.strictObject({
  endpoint: containerSize.optional().describe("Of endpoints"),
  algo: containerSize.optional().describe("Of algos"),
  runner: containerSize.optional().describe("Of the runners beside algos"),
  dataConnector: containerSize.optional().describe("Of data connectors"),
  eventHook: containerSize.optional().describe("Of event hooks"),
});
