import { join } from "node:path";
import type { Connections } from "../config/connections-schema";
import { link } from "./files";
import { createFolders, layoutOf, type Layout } from "./layout";
import { endLeftPods } from "./pods/left-pods";
import { endAbandonedProviders } from "./stack/abandoned-providers";
import { startProcesses, stopProcesses, type Report } from "./processes";
import { preparePulumiHome } from "./toolchain/pulumi-home";
import { resolveTools } from "./toolchain/toolchain";
import { childVariables } from "./variables";

/** An embedded environment that runs. */
export interface Environment {
  readonly layout: Layout;
  /** How to reach its Kubernetes and its Kafka. */
  readonly connections: Connections;
  /** Variables for a child process: PATH, KUBECONFIG and what Pulumi needs, on top of the caller's. */
  readonly variables: NodeJS.ProcessEnv;
  /** The Pulumi CLI. */
  readonly pulumi: string;
}

/** Everything that an environment and a Pulumi program in it are run with. */
export const environmentTools = [
  "control-plane",
  "java",
  "kafka",
  "kafka-provider",
  "kubectl",
  "kubernetes-provider",
  "pulumi",
  "random-provider",
] as const;

/** What an environment is started with. */
export interface EnvironmentOptions {
  /** Its state directory; each has its own processes and ports. */
  readonly directory: string;
  /** Is told of each part that is ready. */
  readonly report?: Report;
}

/**
 * Starts a real Kubernetes API and a real Kafka broker, or what of them does not run; gets the
 * tools for it first.
 *
 * @throws UserError if a prerequisite is missing or a part does not get ready.
 */
export async function startEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const layout = layoutOf(options.directory);
  createFolders(layout);
  const tools = await resolveTools(environmentTools);
  await preparePulumiHome(layout.pulumiHome, tools);
  link(tools.pulumi.path, join(layout.bin, "pulumi"));
  const programs = {
    controlPlane: tools["control-plane"].path,
    java: tools.java.path,
    kafkaJars: tools.kafka.path,
    kubectl: tools.kubectl.path,
  };
  const connections = await startProcesses(layout, programs, options.report ?? (() => undefined));
  return { layout, connections, variables: childVariables(layout), pulumi: tools.pulumi.path };
}

/**
 * Ends all processes of an environment and keeps its state; does nothing if none runs.
 *
 * @returns the names of those that ran; the containers of pods are counted.
 */
export async function stopEnvironment({ directory }: EnvironmentOptions): Promise<readonly string[]> {
  const layout = layoutOf(directory);
  await endAbandonedProviders(layout);
  const pods = await endLeftPods(layout);
  return [
    ...(pods.length === 0 ? [] : [`${pods.length} containers of pods`]),
    ...(await stopProcesses(layout)),
  ];
}
