import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ImagePrograms } from "../local/pods/image-programs";
import { repositoryOf } from "../local/pods/image-programs";
import { objectKey, type PodObjects, type Workload } from "../local/pods/kubernetes-objects";
import type { RunnerConfig } from "../services/runner/runner-config";
import { runnerConfigOf } from "./pipeline-config";

/** Commands in place of algos' entry points, by `owner.name`. */
export type AlgoCommands = Readonly<Record<string, readonly string[]>>;

/** Objects whose algos can run here, what runs in place of their images, and what a person should know of it. */
export interface StandIns {
  readonly objects: PodObjects;
  readonly programs: ImagePrograms;
  readonly notes: readonly string[];
}

const algoLabel = "algo.run/algo";
const typescript = [process.execPath, "--import", pathToFileURL(require.resolve("tsx")).href];

/** Gives each algo a command that this machine can run: the one that is stated for it, or an echo. */
export function standIns(objects: PodObjects, namespace: string, commands: AlgoCommands): StandIns {
  const notes: string[] = [];
  const programs: Record<string, ImagePrograms[string]> = {};
  const configMaps: Record<string, PodObjects["configMaps"][string]> = { ...objects.configMaps };
  const workloads = objects.workloads.map((workload) => {
    const algo = workload.spec.template.metadata.labels[algoLabel];
    if (algo === undefined) return workload;
    const runner = runnerConfigOf(objects, namespace, workload.metadata.name);
    const stated = commands[algo];
    const command = stated ?? echoCommand(runner, workload);
    notes.push(`${algo}: ${stated === undefined ? "an echo stands in for its image" : stated.join(" ")}`);
    for (const container of algoContainers(workload))
      programs[repositoryOf(container.image)] = { entrypoint: command, paths: asTheyAre(command) };
    if (runner?.executor === "Executable") {
      const key = objectKey(namespace, `${workload.metadata.name}-runner-config`);
      const text = configMaps[key]?.["runner.json"] ?? "{}";
      configMaps[key] = { ...configMaps[key], "runner.json": withEntrypoint(text, command) };
      return workload;
    }
    return withEntrypointOfImage(workload);
  });
  return { objects: { ...objects, workloads, configMaps }, programs, notes };
}

function algoContainers({
  spec: { template },
}: Workload): Workload["spec"]["template"]["spec"]["containers"] {
  return [...template.spec.containers, ...template.spec.initContainers].filter(({ name }) => name === "algo");
}

/** Files of this machine that a command names: paths in a pod may begin like theirs, and are replaced. */
function asTheyAre(command: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(command.filter((word) => word.startsWith("/")).map((path) => [path, path]));
}

/** An algo's container without a command of its own: what stands in for its image says what is run. */
function withEntrypointOfImage(workload: Workload): Workload {
  const change = (containers: Workload["spec"]["template"]["spec"]["containers"]): typeof containers =>
    containers.map((each) => (each.name === "algo" ? { ...each, command: undefined, args: [] } : each));
  const { template } = workload.spec;
  const spec = {
    ...template.spec,
    containers: change(template.spec.containers),
    initContainers: change(template.spec.initContainers),
  };
  return { ...workload, spec: { ...workload.spec, template: { ...template, spec } } };
}

function withEntrypoint(text: string, entrypoint: readonly string[]): string {
  const config: unknown = JSON.parse(text);
  return JSON.stringify({ ...(typeof config === "object" ? config : {}), entrypoint }, undefined, 2);
}

function echoCommand(runner: RunnerConfig | undefined, workload: Workload): readonly string[] {
  const script = (name: string): string => join(__dirname, "algos", name);
  if (runner?.executor === "Executable") return ["/bin/sh", script("echo.sh"), ...echoFlags(runner)];
  const ports = algoContainers(workload).flatMap((container) =>
    container.ports.map(({ containerPort }) => containerPort),
  );
  const inputs = runner?.inputs.flatMap(({ http, grpc }) => (http ?? grpc)?.port ?? []) ?? [];
  const all = [...new Set([...inputs, ...ports])].map(String);
  if (runner?.executor === "grpc") return [...typescript, script("echo-grpc.ts"), ...all];
  if (runner?.executor === "http") return [...typescript, script("echo-server.ts"), ...all];
  return [...typescript, script("echo-client.ts"), ...all];
}

/** Pictures and sounds are described; what has the type of the result is the result. */
function echoFlags({ inputs, outputs }: RunnerConfig): readonly string[] {
  const [input] = inputs;
  const isMedia = /^(audio|image|video)\//.test(input?.contentTypes[0] ?? "");
  const flagOf = (delivery: string): string =>
    outputs.find((output) => output.delivery === delivery)?.parameter ?? "-";
  const inputFlag = input?.delivery === "StdIn" ? "-" : (input?.fileParameter?.parameter ?? "-");
  return [isMedia ? "describe" : "copy", inputFlag, flagOf("FileParameter"), flagOf("FolderParameter")];
}
