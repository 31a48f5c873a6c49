import { present } from "../values/frozen";
import type {
  AlgoComponentPlan,
  AlgoInputPlan,
  AlgoOutputPlan,
  Json,
  JsonObject,
  RetryPlan,
} from "../plan/plan";
import { configHeader, type PlanContext } from "../plan-context";

/** What the runner of an algo reads: a document without brokers and credentials, which come by environment. */
export function runnerConfig(plan: AlgoComponentPlan, context: PlanContext): JsonObject {
  const { reads, writes } = context.topics.usesStorage(plan.name);
  const deadLetterTopic = context.topics.deadLettersOf(plan.name);
  return {
    ...configHeader(context),
    algo: { ...plan.algo },
    executor: plan.executor,
    entrypoint: plan.entrypoint,
    ...(plan.identity.consumerGroup !== undefined && { consumerGroup: plan.identity.consumerGroup }),
    ...(plan.identity.transactionalIdPrefix !== undefined && {
      transactionalIdPrefix: plan.identity.transactionalIdPrefix,
    }),
    timeoutSeconds: plan.timeoutSeconds,
    ...(plan.retries.length > 0 && { retries: plan.retries.map(retryConfig) }),
    ...(deadLetterTopic !== undefined && { deadLetterTopic }),
    writeAllOutputs: plan.writeAllOutputs,
    // In the order in which a program gets them.
    parameters: plan.parameters.map(({ name, flag, value, required }) =>
      present({ name, flag, value, required }),
    ),
    inputs: plan.inputs.map(inputConfig),
    outputs: plan.outputs.map(outputConfig),
    ...((reads || writes) && context.bucket !== undefined ? { storage: { bucket: context.bucket } } : {}),
  };
}

function inputConfig(input: AlgoInputPlan): Json {
  const { grpc, fileParameter } = input;
  return {
    name: input.name,
    required: input.required,
    delivery: input.delivery,
    contentTypes: input.contentTypes,
    topics: input.topics,
    ...(input.http && { http: { ...input.http } }),
    ...(grpc && { grpc: present({ ...grpc }) }),
    ...(fileParameter && { fileParameter: present({ ...fileParameter }) }),
  };
}

function retryConfig({ steps, maxPollIntervalMs, ...retry }: RetryPlan): Json {
  return {
    ...present({ ...retry, maxPollIntervalMs }),
    steps: steps.map((step) => present({ ...step })),
  };
}

function outputConfig(output: AlgoOutputPlan): Json {
  return present({ ...output });
}
