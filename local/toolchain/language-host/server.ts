import { Server } from "@grpc/grpc-js";
import { type ILanguageRuntimeServer, LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { AboutResponse, type ProgramInfo } from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { version } from "@pulumi/pulumi/version";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { ChildProcesses } from "./child-processes";
import { installDependencies } from "./install-dependencies";
import { runPlugin } from "./plugin";
import { ProgramRunner } from "./program";
import { programDependencies } from "./program-dependencies";
import { requiredPackages } from "./required-packages";
import { listen, unary, unlimitedMessages, UsageError } from "./rpc";

/** The calls that we answer; gRPC itself says of all others that they are not implemented. */
type Answered = Pick<
  ILanguageRuntimeServer,
  | "about"
  | "cancel"
  | "getPluginInfo"
  | "getProgramDependencies"
  | "getRequiredPackages"
  | "installDependencies"
  | "run"
  | "runPlugin"
>;

/**
 * Starts the language runtime service for one engine.
 *
 * @param engineAddress - `host:port` of the engine
 * @param children - where the processes that it starts are kept
 * @returns the port on the loopback interface
 */
export async function startServer(engineAddress: string, children: ChildProcesses): Promise<number> {
  const server = new Server(unlimitedMessages);
  const runner = new ProgramRunner(engineAddress, children);
  const answered: Answered = {
    // On the way of every update, so it must not ask a package manager for its version.
    about: unary(() => new AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
    cancel: unary(async () => {
      await children.stopAll();
      return new Empty();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    getProgramDependencies: unary((request) =>
      programDependencies(programDirectory(request.getInfo()), request.getTransitivedependencies()),
    ),
    getRequiredPackages: unary((request) => requiredPackages(programDirectory(request.getInfo()))),
    installDependencies: (call) => void installDependencies(call, children),
    run: unary((request, call) =>
      runner.run(request, (stop) => {
        call.on("cancelled", stop);
      }),
    ),
    runPlugin: (call) => void runPlugin(call, children),
  };
  server.addService(LanguageRuntimeService, answered);
  return await listen(server);
}

function programDirectory(info: ProgramInfo | undefined): string {
  if (info === undefined)
    throw new UsageError("The engine names no program; its version is older than this language host.");
  return info.getProgramDirectory();
}
