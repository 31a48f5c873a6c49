import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildService } from "../../../services/build";
import type { EndpointPlan } from "../../../pipelines/model/plan/plan";
import { eventually, type ProcessGroup, type RunningProgram } from "../../software/process-group";
import { movedBelow } from "./gateway-documents";

let bundle: Promise<string> | undefined;

/** How a gateway is started. */
export interface GatewayStart {
  readonly folder: string;
  readonly plan: Pick<EndpointPlan, "config" | "ports">;
  /** Loopback address of its own, as a pod has. */
  readonly address: string;
  readonly env: Readonly<Record<string, string>>;
  /** Wraps the command, such as `prlimit`. */
  readonly wrapper?: readonly string[];
}

/** A gateway that runs as a process, from its bundle, with what its pod would be given. */
export class GatewayProcess {
  private constructor(
    readonly program: RunningProgram,
    readonly address: string,
    private readonly ports: EndpointPlan["ports"],
  ) {}

  /** Starts one and waits until it takes requests. */
  static async start(group: ProcessGroup, start: GatewayStart): Promise<GatewayProcess> {
    const { address, env, folder, plan, wrapper = [] } = start;
    bundle ??= buildService("gateway");
    mkdirSync(folder, { recursive: true });
    const config = join(folder, "config.json");
    writeFileSync(config, movedBelow(folder, plan.config));
    const [command, ...args] = [...wrapper, process.execPath, await bundle, `--config=${config}`];
    const log = join(folder, "gateway.log");
    const program = group.start({
      command,
      args,
      env: { ...env, INSTANCE_NAME: "endpoint-0", LISTEN_ADDRESS: address, NODE_ENV: "production" },
      log,
    });
    const gateway = new GatewayProcess(program, address, plan.ports);
    // All that it says before is of an earlier process.
    await eventually("the gateway takes requests", () => gateway.isListening(), { program, seconds: 180 });
    return gateway;
  }

  get http(): string {
    return `http://${this.address}:${this.ports.http}`;
  }

  get grpc(): string {
    return `${this.address}:${this.ports.grpc}`;
  }

  get monitoring(): string {
    return `http://${this.address}:${this.ports.metrics}`;
  }

  get log(): string {
    return readFileSync(this.program.log, "utf8");
  }

  /** The value of a metric: the sum over all its labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.monitoring}/metrics`)).text();
    const lines = text
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  }

  async readiness(): Promise<number> {
    return (await fetch(`${this.monitoring}/ready`)).status;
  }

  private async isListening(): Promise<boolean> {
    return await fetch(this.http).then(
      () => true,
      () => false,
    );
  }
}
