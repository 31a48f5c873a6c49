import { RunResponse, type RunRequest } from "@pulumi/pulumi/proto/language_pb";

import { type ChildProcesses, describeEnding, type Ending, ending } from "./child-processes";
import { findEntryPoint, nodeArguments } from "./program-sdk";
import { UsageError } from "./rpc";
import { runtimeOptions, sdkEnvironment } from "./runtime-options";

/** Exit code of a program whose SDK has already told the user what is wrong. */
const alreadyReported = 32;

/** Runs a Pulumi program to its end: the Run call of the engine. */
export class ProgramRunner {
  /**
   * @param engineAddress - `host:port` where the program logs
   * @param children - processes that end with the host
   */
  constructor(
    private readonly engineAddress: string,
    private readonly children: ChildProcesses,
  ) {}

  /**
   * Runs one program. Whatever goes wrong with it is in the answer, as the engine expects.
   *
   * @param request - the engine's request
   * @param cancelled - calls back when the engine gives the call up
   */
  async run(request: RunRequest, cancelled: (stop: () => void) => void): Promise<RunResponse> {
    try {
      const child = this.start(request);
      cancelled(() => void this.children.stop(child));
      return response(await ending(child));
    } catch (error) {
      if (error instanceof UsageError) return new RunResponse().setError(error.message);
      throw error;
    }
  }

  private start(request: RunRequest): ReturnType<ChildProcesses["node"]> {
    const info = request.getInfo();
    const directory = info?.getProgramDirectory() ?? request.getPwd();
    const options = runtimeOptions(info);
    if (request.getAttachDebugger()) {
      throw new UsageError(
        "This language host attaches no debugger: set `nodeargs: --inspect-brk` under runtime.options instead.",
      );
    }
    const args = [...nodeArguments(options), findEntryPoint("run", directory), ...this.sdkArguments(request)];
    return this.children.node(args, {
      // Loaders named in nodeargs are looked for from here.
      cwd: directory,
      env: {
        ...process.env,
        ...sdkEnvironment(options),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
      // The engine shows our own output as the program's.
      stdio: ["ignore", "inherit", "inherit"],
    });
  }

  private sdkArguments(request: RunRequest): readonly string[] {
    const info = request.getInfo();
    const parallel = request.getParallel();
    return [
      ...["--monitor", request.getMonitorAddress()],
      ...["--engine", this.engineAddress],
      ...["--organization", request.getOrganization()],
      ...["--project", request.getProject()],
      ...["--root-directory", info?.getRootDirectory() ?? ""],
      ...["--stack", request.getStack()],
      ...["--pwd", info?.getProgramDirectory() ?? request.getPwd()],
      ...(request.getDryrun() ? ["--dry-run"] : []),
      ...(parallel > 0 ? ["--parallel", String(parallel)] : []),
      info?.getEntryPoint() ?? request.getProgram(),
      ...request.getArgsList(),
    ];
  }
}

function response(end: Ending): RunResponse {
  if (end.code === 0) return new RunResponse();
  if (end.code === alreadyReported) return new RunResponse().setBail(true);
  // V8 aborts when the heap is full, and says so in its last lines.
  const hint =
    end.signal === "SIGABRT"
      ? " If it ran out of memory, set `nodeargs: --max-old-space-size=MEGABYTES` under runtime.options."
      : "";
  return new RunResponse().setError(`The program ended ${describeEnding(end)}.${hint}`);
}
