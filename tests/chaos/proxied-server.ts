import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { topicsOf } from "../../local/kafka/broker";
import {
  ensureProcess,
  readProcess,
  stopProcess,
  type ProcessSpec,
} from "../../local/process/managed-process";
import { awaitReady } from "../../local/process/readiness";
import type { EngineEnvironment } from "../engine/engine-environment";
import { freePort } from "../software/free-port";
import { TcpProxy } from "./tcp-proxy";

/** A server of an environment. */
export type ServerName = "kube-apiserver" | "kafka";

/** A server of an environment that is reached, where it always was, through a network that can be bad. */
export class ProxiedServer {
  private constructor(
    private readonly engine: EngineEnvironment,
    private readonly spec: ProcessSpec,
    readonly network: TcpProxy,
  ) {}

  /** Moves a server behind a proxy. */
  static async of(engine: EngineEnvironment, name: ServerName, seed: string): Promise<ProxiedServer> {
    const { layout } = engine.environment;
    const record = readProcess(layout, name);
    const port = record?.ports[name === "kafka" ? "clients" : "https"];
    if (record === undefined || port === undefined) throw new Error(`${name} does not run`);
    const [program = "", ...args] = readFileSync(`/proc/${record.pid}/cmdline`, "utf8")
      .split("\0")
      .slice(0, -1);
    const moved = await freePort();
    await stopProcess(layout, name);
    if (name === "kafka")
      replaceIn(
        join(layout.kafka, "server.properties"),
        `listeners=CLIENTS://127.0.0.1:${port}`,
        `listeners=CLIENTS://127.0.0.1:${moved}`,
      );
    const spec = {
      name,
      program,
      args: args.map((word) => (word === `--secure-port=${port}` ? `--secure-port=${moved}` : word)),
      ports: { moved },
    };
    const server = new ProxiedServer(engine, spec, new TcpProxy(port, moved, seed));
    await server.start();
    return server;
  }

  /** Starts it, and waits until it answers. */
  async start(): Promise<void> {
    const { environment } = this.engine;
    await this.network.open();
    await ensureProcess(environment.layout, this.spec);
    await awaitReady(environment.layout, this.spec.name, async () => {
      if (this.spec.name === "kafka") await topicsOf(environment.connections.kafka);
      else await this.engine.tool("kubectl", "get", "--raw", "/readyz");
      return true;
    });
  }

  /** Stops it: connections are refused from then on. */
  async stop(): Promise<void> {
    await this.network.close();
    await stopProcess(this.engine.environment.layout, this.spec.name);
  }
}

function replaceIn(file: string, before: string, after: string): void {
  const text = readFileSync(file, "utf8");
  if (!text.startsWith(before) && !text.includes(`\n${before}`)) throw new Error(`${file} has no ${before}`);
  writeFileSync(file, text.replace(before, after));
}
