import type { AlgoComponentPlan } from "../../pipelines/model/plan/plan";
import type {
  ContainerArgs,
  InitContainerArgs,
  MountArgs,
  PodArgs,
  PortArgs,
  VolumeArgs,
} from "../workload/pod-args";
import { stableJson } from "../workload/stable-text";
import type { DataAccess } from "./data-access";
import { connectionProbes, healthProbes, probedPorts, statedProbes } from "./health-probes";

/** What the pods of an algo are made from, beside its plan. */
export interface AlgoPodContext {
  /** Kafka and the bucket, for whoever talks to them. */
  readonly dataAccess: DataAccess;
  readonly runnerImage: string;
  /** Ports of the runner. */
  readonly ports: readonly PortArgs[];
}

type AlgoPod = Pick<PodArgs, "containers" | "initContainers" | "volumes">;

/** Folder of the runner in the pods; the planner keeps the files of documents out of it. */
const runnerFolder = "/algo-runner";
const configFolder = `${runnerFolder}/config`;
const programFolder = `${runnerFolder}/bin`;
const configFile = "runner.json";

/**
 * How the copied runner is started (services/runner/install.ts): by its own loader, with its own libraries, since the
 * algo's image may have another C library or none, and no shell.
 */
const startRunner: readonly string[] = [
  `${programFolder}/ld.so`,
  "--library-path",
  `${programFolder}/lib`,
  `${programFolder}/node`,
  `${programFolder}/runner.cjs`,
];

/** Volumes by what they hold. */
const volume = {
  input: "input",
  output: "output",
  runnerConfig: "runner-config",
  runnerProgram: "runner",
  files: "files",
} as const;

/** Where messages are laid down as files, and where results are picked up. */
const workMounts: readonly MountArgs[] = [
  { volume: volume.input, path: "/input" },
  { volume: volume.output, path: "/output" },
];

const configArgument = `--config=${configFolder}/${configFile}`;
const configMount: MountArgs = { volume: volume.runnerConfig, path: configFolder };

/** Containers and volumes of an algo's pods, for each way in which the runner is there. */
export function algoPod(plan: AlgoComponentPlan, context: AlgoPodContext): AlgoPod {
  const volumes = algoVolumes(plan);
  switch (plan.runner) {
    case "sidecar":
      return { initContainers: [server(plan, context)], containers: [runner(plan, context)], volumes };
    case "copied":
      return { initContainers: [copyRunner(plan, context)], containers: [program(plan, context)], volumes };
    case "none":
      return { containers: [client(plan, context)], volumes };
  }
}

/**
 * The algo as a server. It starts before the runner, which waits until it listens, and stops after it, so that no
 * message ever meets a server that is not there; in Kubernetes' terms the server is therefore the pod's sidecar.
 */
function server(plan: AlgoComponentPlan, context: AlgoPodContext): InitContainerArgs {
  const ports = plan.inputs.flatMap(({ http, grpc }) => (http ?? grpc)?.port ?? []);
  const [port] = ports;
  const probes = statedProbes(plan, port === undefined ? {} : connectionProbes(port));
  return { ...algo(plan), sidecar: true, probes, ports: probedPorts(probes, context.ports) };
}

/** The runner beside the algo's server. */
function runner(plan: AlgoComponentPlan, context: AlgoPodContext): ContainerArgs {
  return {
    name: "runner",
    image: context.runnerImage,
    imagePullPolicy: plan.runnerImage?.pullPolicy,
    args: [configArgument],
    ...dataVariables(plan, context),
    ports: context.ports,
    probes: healthProbes,
    resources: plan.runnerResources,
    mounts: [...workMounts, configMount, ...context.dataAccess.mounts],
  };
}

/** Puts the runner where the algo's container finds it: the algo's image has none. */
function copyRunner(plan: AlgoComponentPlan, context: AlgoPodContext): InitContainerArgs {
  return {
    name: "copy-runner",
    image: context.runnerImage,
    imagePullPolicy: plan.runnerImage?.pullPolicy,
    args: ["install", programFolder],
    resources: plan.runnerResources,
    mounts: [{ volume: volume.runnerProgram, path: programFolder }],
  };
}

/** The algo as a program: the runner takes the place of its command and starts it for each message. */
function program(plan: AlgoComponentPlan, context: AlgoPodContext): ContainerArgs {
  const own = algo(plan);
  const probes = statedProbes(plan, healthProbes);
  return {
    ...own,
    command: startRunner,
    args: [configArgument],
    ...dataVariables(plan, context),
    ports: [...context.ports, ...probedPorts(probes, context.ports)],
    probes,
    mounts: [
      ...(own.mounts ?? []),
      configMount,
      { volume: volume.runnerProgram, path: programFolder, readOnly: true },
      ...context.dataAccess.mounts,
    ],
  };
}

/** The algo as a client of Kafka, which needs no runner. */
function client(plan: AlgoComponentPlan, context: AlgoPodContext): ContainerArgs {
  const own = algo(plan);
  return {
    ...own,
    ...dataVariables(plan, context),
    mounts: [...(own.mounts ?? []), ...context.dataAccess.mounts],
  };
}

/** The algo's own container, as far as it is the same for all. */
function algo(plan: AlgoComponentPlan): ContainerArgs {
  const files = plan.configMounts.map(({ name, mountPath }) => ({
    volume: volume.files,
    path: mountPath,
    subPath: name,
  }));
  const probes = statedProbes(plan, {});
  return {
    name: "algo",
    image: plan.image.reference,
    imagePullPolicy: plan.image.pullPolicy,
    command: plan.command,
    args: plan.args,
    resources: plan.resources,
    probes,
    ports: probedPorts(probes, []),
    mounts: [...workMounts, ...files],
  };
}

/** Variables of the container that talks to Kafka. */
function dataVariables(
  plan: AlgoComponentPlan,
  { dataAccess }: AlgoPodContext,
): Pick<ContainerArgs, "env" | "fieldEnv" | "secretEnv"> {
  return {
    env: { ...dataAccess.env, ...plan.environment },
    fieldEnv: { INSTANCE_NAME: "metadata.name" },
    secretEnv: dataAccess.secretEnv,
  };
}

function algoVolumes(plan: AlgoComponentPlan): Readonly<Record<string, VolumeArgs>> {
  // What the algo may write to disk at all.
  const sizeLimit = plan.resources.limits["ephemeral-storage"] ?? "1Gi";
  const files = Object.fromEntries(plan.configMounts.map(({ name, data }) => [name, data]));
  return {
    [volume.input]: { emptyDir: { sizeLimit } },
    [volume.output]: { emptyDir: { sizeLimit } },
    ...(plan.configMounts.length === 0 ? {} : { [volume.files]: { files } }),
    ...(plan.runnerConfig === undefined
      ? {}
      : { [volume.runnerConfig]: { files: { [configFile]: stableJson(plan.runnerConfig) } } }),
    ...(plan.runner === "copied" ? { [volume.runnerProgram]: { emptyDir: { sizeLimit: "256Mi" } } } : {}),
  };
}
