import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

import {
  Client,
  credentials,
  type MethodDefinition,
  type sendUnaryData,
  Server,
  type ServerUnaryCall,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerHandshakeResponse, AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";

import { type ChildProcesses, describeEnding, ending } from "./child-processes";
import { asStatus, listen, unlimitedMessages, UsageError } from "./rpc";

/** How to start a policy pack, and where its output goes. */
export interface PolicyPackOptions {
  /** Folder with the PulumiPolicy.yaml; the pack's working directory. */
  readonly directory: string;
  /** Node's whole command line. */
  readonly nodeArguments: readonly string[];
  /** Environment, to which that of the stack is added. */
  readonly environment: NodeJS.ProcessEnv;
  /** Processes that end with the host. */
  readonly children: ChildProcesses;
  /** Takes what the pack prints. */
  readonly output: (bytes: Buffer) => void;
  /** Takes what the pack prints as errors. */
  readonly errorOutput: (bytes: Buffer) => void;
}

type RawCall = ServerUnaryCall<Buffer, Buffer>;

/**
 * A policy pack behind an analyzer of our own. A pack reads name and configuration of the stack from its
 * environment when it starts, but the engine sends them only to an analyzer that already answers. So we
 * answer in its place until they come, then start the pack and pass every call on, bytes unread.
 */
export class PolicyPack {
  /** Resolves to the pack's exit code when it has ended, or to 0 when it was stopped before it had started. */
  readonly exitCode: Promise<number>;

  private readonly server = new Server(unlimitedMessages);
  private settleExitCode: (code: number) => void = () => undefined;
  private child: ChildProcess | undefined;
  private client: Promise<Client> | undefined;

  constructor(private readonly options: PolicyPackOptions) {
    this.exitCode = new Promise((resolve) => {
      this.settleExitCode = (code) => {
        // Calls that wait for the pack get their answer first.
        this.server.tryShutdown(() => {
          resolve(code);
        });
      };
    });
    const handlers = Object.fromEntries(
      Object.entries(AnalyzerService).map(([name, method]) => [name, this.handler(name, method.path)]),
    );
    this.server.addService(rawService(AnalyzerService), handlers);
  }

  /** Starts to answer the engine; resolves to the port. */
  async listen(): Promise<number> {
    return await listen(this.server);
  }

  /** Ends the pack. */
  stop(): void {
    if (this.child === undefined) this.settleExitCode(0);
    else void this.options.children.stop(this.child);
  }

  private handler(name: string, path: string): (call: RawCall, callback: sendUnaryData<Buffer>) => void {
    return (call, callback) => {
      if (name === "handshake" || (name === "cancel" && this.client === undefined)) {
        // No pack implements a handshake, and there is nothing to cancel before there is a pack.
        callback(null, Buffer.from(new AnalyzerHandshakeResponse().serializeBinary()));
        return;
      }
      this.client ??= this.start(name === "configureStack" ? stackEnvironment(call.request) : {});
      this.client.then(
        (client) => client.makeUnaryRequest(path, bytes, bytes, call.request, callback),
        (error: unknown) => {
          callback(asStatus(error));
        },
      );
    };
  }

  private async start(stack: NodeJS.ProcessEnv): Promise<Client> {
    const { children, directory, environment, errorOutput, nodeArguments } = this.options;
    const child = children.node(nodeArguments, {
      cwd: directory,
      env: { ...environment, ...stack },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    child.stderr?.on("data", errorOutput);
    const ended = ending(child);
    ended.then(
      (end) => {
        this.settleExitCode(end.code ?? 1);
      },
      () => {
        this.settleExitCode(1);
      },
    );
    const port = await Promise.race([
      this.port(child),
      ended.then((end): never => {
        throw new UsageError(
          `The policy pack in ${directory} ended ${describeEnding(end)} before it was ready; its own message is above.`,
        );
      }),
    ]);
    return new Client(`127.0.0.1:${port}`, credentials.createInsecure(), unlimitedMessages);
  }

  /** The port that the pack prints on a line of its own; all other lines are output for the user. */
  private async port(child: ChildProcess): Promise<number> {
    return await new Promise((resolve) => {
      if (child.stdout === null) return;
      let found = false;
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (!found && /^\d+$/.test(line)) {
          found = true;
          resolve(Number(line));
        } else {
          this.options.output(Buffer.from(`${line}\n`));
        }
      });
    });
  }
}

/** A service's methods under the same paths, with messages left as the bytes that they came as. */
function rawService(service: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]): [string, MethodDefinition<Buffer, Buffer>] => [
      name,
      {
        path: method.path,
        requestStream: method.requestStream,
        responseStream: method.responseStream,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    ]),
  );
}

function bytes(message: Buffer): Buffer {
  return message;
}

/** What the SDK in the pack reads its stack and configuration from. */
function stackEnvironment(message: Buffer): NodeJS.ProcessEnv {
  const request = AnalyzerStackConfigureRequest.deserializeBinary(message);
  return {
    PULUMI_NODEJS_ORGANIZATION: request.getOrganization(),
    PULUMI_NODEJS_PROJECT: request.getProject(),
    PULUMI_NODEJS_STACK: request.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(request.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
  };
}
