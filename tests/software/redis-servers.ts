import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { Redis, type RedisServerName } from "../../components/backend/redis/redis";
import { probeUser, redisPort } from "../../components/backend/redis/redis-config";
import { redisFolders, redisServerHost } from "../../components/backend/redis/redis-server";
import { deploy, type RegisteredResource } from "../harness/deploy";
import { theManifest } from "../harness/manifests";
import type { CertificateFiles } from "./kafka-nodes";
import { eventually, type ProcessGroup, type RunningProgram } from "./process-group";

const run = promisify(execFile);

/** What the two servers are called in the cluster, and the loopback addresses that they have here. */
const servers = {
  first: { name: "redis", host: "127.0.21.1" },
  second: { name: "redis-second", host: "127.0.21.2" },
} as const;

/** Loopback addresses of the servers, which a certificate must hold for. */
export const redisHosts = Object.values(servers).map(({ host }) => host);

/** Passwords as the mocks generate them. */
export const redisPasswords = {
  clients: "redis-password-result",
  replica: "redis-replica-password-result",
} as const;

/** How somebody connects. */
export interface RedisLogin {
  readonly user?: string;
  readonly password?: string;
  /** @default true */
  readonly tls?: boolean;
}

/** Two servers with TLS, started from what `Redis` registers. */
export class RedisServers {
  private readonly running = new Map<RedisServerName, RunningProgram>();

  /**
   * @param folder - for everything
   * @param program - path of redis-server
   */
  constructor(
    private readonly group: ProcessGroup,
    private readonly folder: string,
    private readonly program: string,
  ) {}

  /** Writes the files that the pods of the servers mount: the second is what the config says of the primary. */
  async write(primary: RedisServerName, certificates: CertificateFiles): Promise<RedisServerName> {
    const tls = { secretName: "redis-certificate" };
    const { resources } = await deploy(
      () => new Redis("redis", { namespace: "algorun", replicas: 2, primary, tls }),
    );
    for (const server of Object.values(servers)) this.writeFiles(server, resources, certificates);
    return behindService(resources);
  }

  private writeFiles(
    { name, host }: (typeof servers)[RedisServerName],
    resources: readonly RegisteredResource[],
    certificates: CertificateFiles,
  ): void {
    const home = join(this.folder, name);
    const config = theManifest(resources, "ConfigMap", `${name}-config`, configMapShape).data["valkey.conf"];
    const files = theManifest(resources, "Secret", `${name}-users`, secretShape).stringData;
    const local = Object.values(redisFolders).reduce(
      (text, folder) => text.replaceAll(` ${folder}`, ` ${home}${folder}`),
      Object.values(servers).reduce(
        (text, server) => text.replaceAll(redisServerHost(server.name, "algorun"), server.host),
        config,
      ),
    );
    // The container listens everywhere; here each server has an address of its own, at the usual port.
    writeAll(home + redisFolders.config, { "valkey.conf": local.replace("bind * -::*", `bind ${host}`) });
    writeAll(home + redisFolders.users, files);
    writeAll(home + redisFolders.certificates, { ...certificates });
    mkdirSync(home + redisFolders.data, { recursive: true });
  }

  /** Starts a server with what is written, and waits until its readiness probe would succeed. */
  async start(server: RedisServerName): Promise<void> {
    const home = join(this.folder, servers[server].name);
    const program = this.group.start({
      command: this.program,
      args: [`${home}${redisFolders.config}/valkey.conf`],
      env: {},
      log: join(this.folder, `${server}.log`),
    });
    this.running.set(server, program);
    const probe = { user: probeUser, password: "none" };
    await eventually(`${server} is ready`, async () => (await this.ask(server, ["PING"], probe)) === "PONG", {
      program,
    });
  }

  /** Ends a server as the kernel does when memory is short: nothing is written any more. */
  async kill(server: RedisServerName): Promise<void> {
    await this.running.get(server)?.stop("SIGKILL");
  }

  /** Ends a server as the kubelet does. */
  async stop(server: RedisServerName): Promise<void> {
    await this.running.get(server)?.stop("SIGTERM");
  }

  /** What a server answers, errors included. */
  async ask(server: RedisServerName, command: readonly string[], login: RedisLogin = {}): Promise<string> {
    const { user, password = redisPasswords.clients, tls = true } = login;
    const { name, host } = servers[server];
    const args = [
      ...["-h", host, "-p", String(redisPort), "--no-auth-warning"],
      ...(tls ? ["--tls", "--cacert", join(this.folder, name, redisFolders.certificates, "ca.crt")] : []),
      ...(password === "" ? [] : ["-a", password]),
      ...(user === undefined ? [] : ["--user", user]),
      ...command,
    ];
    return run(join(dirname(this.program), "redis-cli"), args, { timeout: 10_000 }).then(
      ({ stdout, stderr }) => `${stdout}${stderr}`.trim(),
      (error: unknown) => String(error),
    );
  }
}

const configMapShape = z.looseObject({ data: z.object({ "valkey.conf": z.string() }) });
const secretShape = z.looseObject({ stringData: z.record(z.string(), z.string()) });
const serviceShape = z.looseObject({ spec: z.looseObject({ selector: z.record(z.string(), z.string()) }) });

/** The server that the Service of the clients leads to. */
function behindService(resources: readonly RegisteredResource[]): RedisServerName {
  const { selector } = theManifest(resources, "Service", "redis", serviceShape).spec;
  return selector["app.kubernetes.io/instance"] === servers.first.name ? "first" : "second";
}

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
