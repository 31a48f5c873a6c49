import type { ServerWritableStream } from "@grpc/grpc-js";
import {
  InstallDependenciesResponse,
  type InstallDependenciesRequest,
} from "@pulumi/pulumi/proto/language_pb";

import { type ChildProcesses, describeEnding, ending } from "./child-processes";
import { asStatus, UsageError } from "./rpc";
import { runtimeOptions } from "./runtime-options";

/** The engine's call behind `pulumi install`: what the package manager prints goes back on it. */
export type InstallCall = ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>;

/** Runs `install` of the project's package manager in the program's folder. */
export async function installDependencies(call: InstallCall, children: ChildProcesses): Promise<void> {
  try {
    const { packageManager } = runtimeOptions(call.request.getInfo());
    const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
    const child = children.start(packageManager, ["install"], {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
    });
    call.on("cancelled", () => void children.stop(child));
    child.stdout?.on("data", (bytes: Buffer) =>
      call.write(new InstallDependenciesResponse().setStdout(bytes)),
    );
    child.stderr?.on("data", (bytes: Buffer) =>
      call.write(new InstallDependenciesResponse().setStderr(bytes)),
    );
    const end = await ending(child);
    if (end.code !== 0)
      throw new UsageError(`\`${packageManager} install\` in ${directory} ended ${describeEnding(end)}.`);
    call.end();
  } catch (error) {
    call.emit("error", asStatus(error));
  }
}
