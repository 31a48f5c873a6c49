import fc from "fast-check";
import type { GeneratedConnector } from "./generated-connector";
import type { GeneratedPipeline } from "./pipeline-arbitrary";
import { withRetries } from "./retry-arbitrary";

const connector: fc.Arbitrary<Omit<GeneratedConnector, "name">> = fc.record({
  index: fc.integer({ min: 0, max: 3 }),
  type: fc.constantFrom("Source", "Sink"),
  tasksMax: fc.integer({ min: 1, max: 9 }),
  replicas: fc.integer({ min: 1, max: 4 }),
  keepsHistory: fc.boolean(),
  restarts: fc.boolean(),
});

/** Adds up to three data connectors to pipelines, and to those with room in their topics' names retries. */
export function withConnectorsAndRetries(
  pipelines: fc.Arbitrary<GeneratedPipeline>,
): fc.Arbitrary<GeneratedPipeline> {
  return fc
    .tuple(withRetries(pipelines), fc.array(connector, { maxLength: 3 }))
    .map(([pipeline, connectors]) => ({
      ...pipeline,
      connectors: connectors.map((each, place) => ({ ...each, name: `link-${place}` })),
    }));
}
