import fc from "fast-check";
import { pipelineArbitrary, type GeneratedPipeline, type GeneratedRetry } from "./pipeline-arbitrary";

const retry: fc.Arbitrary<GeneratedRetry> = fc.record({
  strategy: fc.constantFrom("Simple", "RetryTopics"),
  steps: fc.uniqueArray(
    fc.record({
      index: fc.integer({ min: 0, max: 20 }),
      backoffDuration: fc.constantFrom("500ms", "1s", "30s", "5m", "1.5h", "1h30m"),
      repeat: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 4, selector: ({ index }) => index },
  ),
  deadLetterSuffix: fc.option(fc.constantFrom("dead", "Failed-1"), { nil: undefined }),
});

/** Whether the names of all topics stay below the length from which they are shortened. */
function hasShortNames({ owner, name, algos }: GeneratedPipeline): boolean {
  const longest = Math.max(0, ...algos.map((algo) => algo.name.length));
  return owner.length + name.length + 2 * longest <= 190;
}

const retriesAndOverrides = fc.tuple(
  fc.array(fc.option(retry, { nil: undefined, freq: 8 }), { minLength: 4, maxLength: 4 }),
  fc.array(fc.option(retry, { nil: undefined, freq: 2 }), { minLength: 3, maxLength: 3 }),
);

/** Lets most algos of pipelines retry, and some paths say how; those whose topics have too long names stay. */
export function withRetries(pipelines: fc.Arbitrary<GeneratedPipeline>): fc.Arbitrary<GeneratedPipeline> {
  return fc.tuple(pipelines, retriesAndOverrides).map(([pipeline, [retries, overrides]]) => {
    if (!hasShortNames(pipeline)) return pipeline;
    return {
      ...pipeline,
      algos: pipeline.algos.map((each, place) => ({
        ...each,
        retry: each.executor === "Delegated" ? undefined : retries[place],
        ownRetryTopics: place > 0,
      })),
      paths: pipeline.paths.map((path, place) => ({ ...path, override: overrides[place] })),
    };
  });
}

/** Deployments without fault in which most algos retry, and some paths say how. */
export const retryingPipelineArbitrary: fc.Arbitrary<GeneratedPipeline> = withRetries(
  pipelineArbitrary.filter(hasShortNames),
);
