import { isSource } from "../link/check-flow";
import { commandWords } from "./command-words";
import { planGpu } from "./gpu-planner";
import type { LinkedAlgo } from "../link/link";
import { environmentName, labelValue } from "../values/names";
import type {
  AlgoComponentPlan,
  AlgoInputPlan,
  AlgoOutputPlan,
  Executor,
  IdentityPlan,
  ParameterPlan,
  RunnerPlacement,
} from "../plan/plan";
import { planParameters } from "./parameter-planner";
import { lagReader, planDataEgress, planIdentity, type PlanContext } from "../plan-context";
import { runnerResources, withGpu } from "./resources-planner";
import { runnerConfig } from "./runner-config";
import type { AlgoInputSpec } from "../schema/algo-schema";
import { compareText, sortedByKey } from "../values/text";
import { componentLabels, planImage, planWorkload } from "./workload-planner";

/** Port on which AlgoRun's runner serves /health and /metrics. */
const runnerPort = 10080;
const defaultHttpPort = 8080;
const defaultGrpcPort = 50051;

const runnerOf: Readonly<Record<Executor, RunnerPlacement>> = {
  Executable: "copied",
  http: "sidecar",
  grpc: "sidecar",
  Delegated: "none",
};

/** Folders that every algo has, besides the runner's own. */
const ownFolders = ["/input", "/output", "/algo-runner"];

/** One algo of a deployment. */
export function planAlgo(linked: LinkedAlgo, context: PlanContext): AlgoComponentPlan | undefined {
  const { report, linked: deployment } = context;
  const { algo, spec, version, name } = linked;
  const image = planImage(version.image, linked.algoSource, [...linked.versionAt, "image"], report);
  if (image === undefined) return undefined;
  checkInputs(linked, context);
  checkMounts(linked, context);
  const runner = runnerOf[algo.executor];
  const parameters = planParameters(linked, deployment.source, report);
  const inputs = planInputs(linked, context);
  const outputs = planOutputs(linked, context);
  const identity = planAlgoIdentity(linked, runner, context);
  const gpu = planGpu(linked, context);
  const workload = planWorkload(spec, "algo", linked.at, context, lagReader(context, name, identity));
  const plan: AlgoComponentPlan = {
    kind: "algo",
    name,
    labels: {
      ...componentLabels(context.labels, "algo", name),
      "algo.run/algo": labelValue(`${algo.owner}.${algo.name}`),
      "algo.run/algo-version": labelValue(spec.version),
      "algo.run/index": String(spec.index),
    },
    identity,
    ...workload,
    resources: withGpu(workload.resources, gpu),
    metricsPort: runner === "none" ? undefined : runnerPort,
    network: {
      ingress: runner === "none" ? [] : [{ from: "observability", port: runnerPort }],
      egress: planDataEgress(context, name),
    },
    algo: {
      owner: algo.owner,
      name: algo.name,
      version: spec.version,
      versionTag: version.versionTag,
      index: spec.index,
    },
    executor: algo.executor,
    runner,
    image,
    gpu,
    runnerResources: runnerResources(runner, context.facts),
    runnerImage: planRunnerImage(linked, runner, context),
    ...planCommand(linked, runner, parameters),
    inputs,
    outputs,
    parameters,
    configMounts: [...spec.configMounts].sort((a, b) => compareText(a.mountPath, b.mountPath)),
    timeoutSeconds: spec.timeoutSeconds,
    writeAllOutputs: spec.writeAllOutputs,
    retries: context.topics.retriesOf(name),
    environment: topicEnvironment(inputs, outputs),
  };
  return runner === "none" ? plan : { ...plan, runnerConfig: runnerConfig(plan, context) };
}

/** A runner writes results, retries, dead letters and how far it has read in one transaction. */
function planAlgoIdentity(
  { name, consumer }: LinkedAlgo,
  runner: RunnerPlacement,
  context: PlanContext,
): IdentityPlan {
  const identity = planIdentity(context, name, consumer);
  return runner === "none" ? identity : { ...identity, transactionalIdPrefix: `${identity.username}.` };
}

function planRunnerImage(
  { spec, at }: LinkedAlgo,
  runner: RunnerPlacement,
  { linked: { source }, report }: PlanContext,
): AlgoComponentPlan["runnerImage"] {
  if (spec.algoRunnerImage === undefined) return undefined;
  const path = [...at, "algoRunnerImage"];
  if (runner === "none") {
    report.error(source, path, "has no effect with executor Delegated, which has no runner; remove it");
    return undefined;
  }
  return planImage(spec.algoRunnerImage, source, path, report);
}

/**
 * What the algo's container starts. Beside a runner it is a server that lives as long as the pod; with a copied-in
 * runner, the runner starts the entrypoint for each message; a Delegated algo gets its parameters as flags.
 */
function planCommand(
  { version }: LinkedAlgo,
  runner: RunnerPlacement,
  parameters: readonly ParameterPlan[],
): Pick<AlgoComponentPlan, "command" | "args" | "entrypoint"> {
  const words = commandWords(version.entrypoint ?? "") ?? [];
  if (runner === "copied") return { entrypoint: [...(version.image.command ?? []), ...words] };
  const flags = runner === "none" ? parameters.flatMap(({ flag, value = [] }) => [flag].concat(value)) : [];
  const command = version.image.command ?? words.slice(0, 1);
  const args = [...(version.image.command === undefined ? words.slice(1) : words), ...flags];
  return {
    command: command.length === 0 ? undefined : command,
    args: args.length === 0 ? undefined : args,
    entrypoint: [],
  };
}

function planInputs({ algo, name }: LinkedAlgo, { topics }: PlanContext): readonly AlgoInputPlan[] {
  return algo.inputs
    .map((input): AlgoInputPlan => ({
      name: input.name,
      required: input.isRequired,
      delivery: input.inputDeliveryType,
      contentTypes: input.contentTypes,
      topics: topics.into(name, input.name),
      ...planDelivery(input),
    }))
    .sort((a, b) => compareText(a.name, b.name));
}

function planDelivery(input: AlgoInputSpec): Pick<AlgoInputPlan, "http" | "grpc" | "fileParameter"> {
  switch (input.inputDeliveryType) {
    case "Http":
    case "Https":
      return { http: planHttp(input) };
    case "Grpc":
      return { grpc: { port: input.grpc?.port ?? defaultGrpcPort, protofile: input.grpc?.protofile } };
    case "FileParameter":
    case "FileArrayParameter":
      return { fileParameter: { ...input.fileParameter } };
    case "StdIn":
    case "KafkaTopic":
      return {};
  }
}

/** From the nested form and the older flat one, which say the same where both say something. */
function planHttp({ http, httpVerb, httpPort, httpPath }: AlgoInputSpec): AlgoInputPlan["http"] {
  return {
    verb: http?.verb ?? httpVerb ?? "POST",
    port: http?.port ?? httpPort ?? defaultHttpPort,
    path: http?.path ?? httpPath ?? "/",
    headers: sortedByKey(http?.headers ?? {}),
  };
}

function planOutputs({ algo, name }: LinkedAlgo, { topics }: PlanContext): readonly AlgoOutputPlan[] {
  return algo.outputs
    .map((output): AlgoOutputPlan => {
      const topic = topics.of(name, output.name);
      return {
        name: output.name,
        delivery: output.outputDeliveryType,
        contentType: output.contentType,
        parameter: output.parameter,
        messageDataType: topic?.messageDataType ?? "Embedded",
        topic: topic?.plan.name,
      };
    })
    .sort((a, b) => compareText(a.name, b.name));
}

function topicEnvironment(
  inputs: readonly AlgoInputPlan[],
  outputs: readonly AlgoOutputPlan[],
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const { name, topics } of inputs) {
    if (topics.length > 0) environment[environmentName("KAFKA_INPUT_TOPIC_", name)] = topics.join(",");
  }
  for (const { name, topic } of outputs) {
    if (topic !== undefined) environment[environmentName("KAFKA_OUTPUT_TOPIC_", name)] = topic;
  }
  return sortedByKey(environment);
}

function checkInputs(
  { algo, name, at, reference }: LinkedAlgo,
  { topics, linked: { source }, report }: PlanContext,
): void {
  const unfed = algo.inputs.filter((input) => topics.into(name, input.name).length === 0);
  for (const input of unfed.filter(({ isRequired }) => isRequired)) {
    const message = `no pipe leads to the input ${input.name} of ${reference}, expected at least one, since it is required`;
    report.error(source, at, message);
  }
  if (isSource(algo)) return;
  if (unfed.length === algo.inputs.length && unfed.every(({ isRequired }) => !isRequired)) {
    report.warning(source, at, `no pipe leads to ${reference}: it runs, and has nothing to do`);
  }
}

function checkMounts({ spec, at }: LinkedAlgo, { linked: { source }, report }: PlanContext): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  spec.configMounts.forEach(({ name, mountPath }, index) => {
    const path = [...at, "configMounts", index];
    if (names.has(name))
      report.error(
        source,
        [...path, "name"],
        `a second config mount ${JSON.stringify(name)}, expected each name once`,
      );
    if (paths.has(mountPath))
      report.error(source, [...path, "mountPath"], `a second file at ${mountPath}, expected each path once`);
    const folder = ownFolders.find((own) => mountPath === own || mountPath.startsWith(`${own}/`));
    if (folder !== undefined)
      report.error(
        source,
        [...path, "mountPath"],
        `found ${mountPath}, expected a path outside ${folder}, which the runner uses`,
      );
    names.add(name);
    paths.add(mountPath);
  });
}
