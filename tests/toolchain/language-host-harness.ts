import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";

import { type ClientUnaryCall, credentials, Server, type ServiceError } from "@grpc/grpc-js";
import { EngineService, type IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import { ProgramInfo, RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { type IResourceMonitorServer, ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { RegisterResourceResponse, SupportsFeatureResponse } from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

import { installLanguageHost } from "../../local/toolchain/language-host/install";
import { listen, unary } from "../../local/toolchain/language-host/rpc";

/** Root of the checkout, whose node_modules the programs of the tests use. */
const checkout = join(__dirname, "../..");

/** A folder of a test: files by path, and whether it has the checkout's node_modules. */
export interface Folder {
  readonly files?: Readonly<Record<string, string>>;
  readonly installed?: boolean;
}

/** An empty place for one test file: the host, and folders that are removed at the end. */
export class Workspace {
  readonly root = mkdtempSync(join(tmpdir(), "language-host-"));
  readonly bin = join(this.root, "bin");
  /** The installed host. */
  readonly executable = join(this.bin, "pulumi-language-nodejs");
  private folders = 0;

  async install(): Promise<void> {
    await installLanguageHost(this.bin);
  }

  /** Makes a folder with the given files. */
  folder({ files = {}, installed = true }: Folder): string {
    this.folders += 1;
    const directory = join(this.root, `folder-${this.folders}`);
    mkdirSync(directory);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    if (installed) symlinkSync(join(checkout, "node_modules"), join(directory, "node_modules"));
    return directory;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What stands in for the engine: it takes log messages and registrations, and makes nothing. */
export class FakeEngine {
  /** Messages that programs logged, in order. */
  readonly messages: string[] = [];
  address = "";
  private readonly server = new Server();

  async start(): Promise<void> {
    const engine: Pick<IEngineServer, "log"> = {
      log: unary((request) => {
        this.messages.push(request.getMessage());
        return new Empty();
      }),
    };
    const monitor: Pick<
      IResourceMonitorServer,
      "supportsFeature" | "registerResource" | "registerResourceOutputs" | "signalAndWaitForShutdown"
    > = {
      supportsFeature: unary(() => new SupportsFeatureResponse().setHassupport(false)),
      registerResource: unary((request) =>
        new RegisterResourceResponse().setUrn(
          `urn:pulumi:test::test::${request.getType()}::${request.getName()}`,
        ),
      ),
      registerResourceOutputs: unary(() => new Empty()),
      signalAndWaitForShutdown: unary(() => new Empty()),
    };
    this.server.addService(EngineService, engine);
    this.server.addService(ResourceMonitorService, monitor);
    this.address = `127.0.0.1:${await listen(this.server)}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

/** A started host, and a client of it. */
export class Host {
  /** Lines that the host and the programs in it printed, behind the port. */
  readonly lines: string[] = [];
  private readonly waiting: ((line: string) => void)[] = [];

  private constructor(
    readonly process: ChildProcess,
    readonly client: LanguageRuntimeClient,
  ) {}

  /** Starts a host and waits for its port. */
  static async start(executable: string, engineAddress: string): Promise<Host> {
    const child = spawn(executable, ["-v=1", engineAddress], { stdio: ["pipe", "pipe", "inherit"] });
    const reader = createInterface({ input: child.stdout });
    const [port] = (await once(reader, "line")) as [string];
    const host = new Host(
      child,
      new LanguageRuntimeClient(`127.0.0.1:${port}`, credentials.createInsecure()),
    );
    reader.on("line", (line) => {
      host.lines.push(line);
      host.waiting.shift()?.(line);
    });
    return host;
  }

  /** The next line that is printed. */
  async nextLine(): Promise<string> {
    return await new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Lets go of the host as an engine does that ends, and waits for its end. */
  async stop(): Promise<number | null> {
    this.client.close();
    if (this.process.exitCode !== null) return this.process.exitCode;
    const exited = once(this.process, "exit");
    this.process.stdin?.end();
    await exited;
    return this.process.exitCode;
  }
}

/** A unary call as a promise: `await answer<AboutResponse>((done) => client.about(request, done))`. */
export async function answer<Response>(
  call: (done: (error: ServiceError | null, response: Response) => void) => ClientUnaryCall,
): Promise<Response> {
  return await new Promise((resolve, reject) => {
    call((error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}

/** How the engine describes a program. */
export function programInfo(directory: string, options: Record<string, JavaScriptValue> = {}): ProgramInfo {
  return new ProgramInfo()
    .setRootDirectory(directory)
    .setProgramDirectory(directory)
    .setEntryPoint(".")
    .setOptions(Struct.fromJavaScript(options));
}

/** How the engine asks to run a program. */
export function runRequest(
  engine: FakeEngine,
  directory: string,
  options: Record<string, JavaScriptValue> = { typescript: false },
): RunRequest {
  return new RunRequest()
    .setProject("shop")
    .setStack("dev")
    .setOrganization("organization")
    .setMonitorAddress(engine.address)
    .setInfo(programInfo(directory, options));
}

/** Waits for a condition that nobody announces; mocha's own time limit ends the wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(20);
}

/** Whether a process still exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
