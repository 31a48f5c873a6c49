import type { ServerWritableStream } from "@grpc/grpc-js";
import { RunPluginResponse, type RunPluginRequest } from "@pulumi/pulumi/proto/language_pb";

import { type ChildProcesses, ending } from "./child-processes";
import { PolicyPack } from "./policy-pack";
import { findEntryPoint, nodeArguments } from "./program-sdk";
import { asStatus, UsageError } from "./rpc";
import { runtimeOptions, sdkEnvironment } from "./runtime-options";

/** The engine's RunPlugin call: what the plugin prints goes back on it, and at last its exit code. */
export type PluginCall = ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/** Runs a plugin that is written for Node: a policy pack, or a provider with a PulumiPlugin.yaml. */
export async function runPlugin(call: PluginCall, children: ChildProcesses): Promise<void> {
  try {
    const exitCode =
      call.request.getKind() === "analyzer" ? runPolicyPack(call, children) : runProvider(call, children);
    call.write(new RunPluginResponse().setExitcode(await exitCode));
    call.end();
  } catch (error) {
    if (error instanceof UsageError) {
      call.write(new RunPluginResponse().setStderr(Buffer.from(`${error.message}\n`)));
      call.write(new RunPluginResponse().setExitcode(1));
      call.end();
    } else {
      call.emit("error", asStatus(error));
    }
  }
}

async function runProvider(call: PluginCall, children: ChildProcesses): Promise<number> {
  const request = call.request;
  const directory = programDirectory(request);
  const options = runtimeOptions(request.getInfo());
  const args = [
    ...nodeArguments(options),
    findEntryPoint("run-plugin", directory),
    directory,
    ...request.getArgsList(),
  ];
  const child = children.node(args, {
    cwd: request.getPwd(),
    env: { ...environment(request), ...sdkEnvironment(options) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  call.on("cancelled", () => void children.stop(child));
  child.stdout?.on("data", (bytes: Buffer) => call.write(new RunPluginResponse().setStdout(bytes)));
  child.stderr?.on("data", (bytes: Buffer) => call.write(new RunPluginResponse().setStderr(bytes)));
  return (await ending(child)).code ?? 1;
}

async function runPolicyPack(call: PluginCall, children: ChildProcesses): Promise<number> {
  const request = call.request;
  const directory = programDirectory(request);
  const options = runtimeOptions(request.getInfo());
  const pack = new PolicyPack({
    directory,
    // A pack wants its folder behind the engine's address, a provider in front of its arguments.
    nodeArguments: [
      ...nodeArguments(options),
      findEntryPoint("run-policy-pack", directory),
      ...request.getArgsList(),
      directory,
    ],
    environment: { ...environment(request), ...sdkEnvironment(options) },
    children,
    output: (bytes) => call.write(new RunPluginResponse().setStdout(bytes)),
    errorOutput: (bytes) => call.write(new RunPluginResponse().setStderr(bytes)),
  });
  call.on("cancelled", () => {
    pack.stop();
  });
  call.write(new RunPluginResponse().setStdout(Buffer.from(`${await pack.listen()}\n`)));
  return await pack.exitCode;
}

function programDirectory(request: RunPluginRequest): string {
  return request.getInfo()?.getProgramDirectory() ?? request.getProgram();
}

/** The environment that the engine gives a plugin: lines of `NAME=value`, the last of a name counts. */
function environment(request: RunPluginRequest): NodeJS.ProcessEnv {
  return Object.fromEntries(
    request.getEnvList().map((line) => {
      const separator = line.indexOf("=");
      return [line.slice(0, separator), line.slice(separator + 1)];
    }),
  );
}
