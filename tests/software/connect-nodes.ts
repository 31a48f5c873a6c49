import { execFile } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { registrationScript } from "../../components/data/kafka-connect/registration-script";
import { restartScript } from "../../components/data/kafka-connect/restart-script";
import type { WorkerPaths } from "../../components/data/kafka-connect/worker-layout";
import { secretReference, workerProperties } from "../../components/data/kafka-connect/worker-properties";
import { workerStartScript } from "../../components/data/kafka-connect/worker-scripts";
import { loggingProperties } from "../../components/data/kafka/cluster-scripts";
import type { DataConnectorPlan } from "../../pipelines/model/plan/plan";
import { writeSecret } from "./kafka-nodes";
import type { ProcessGroup, RunningProgram } from "./process-group";

/** What a Kafka Connect cluster under test is made from. */
export interface TestConnect {
  /** Folder for everything. */
  readonly folder: string;
  /** Folder of Kafka's jars. */
  readonly libraries: string;
  /** `host:port` list of brokers. */
  readonly brokers: string;
  readonly plan: DataConnectorPlan;
  readonly password: string;
  /** Contents of the Secrets that the plan refers to, by name. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Folders as a pod has them, filled with what the component renders. */
export function prepareWorker(connect: TestConnect, host: string): WorkerPaths {
  const { plan, libraries } = connect;
  const home = join(connect.folder, `worker-${host}`);
  const paths: WorkerPaths = {
    homes: [join(home, "absent"), join(home, "kafka")],
    plugins: [join(home, "no-plugins")],
    configuration: join(home, "configuration"),
    credentials: join(home, "credentials"),
    secrets: join(home, "secrets"),
  };
  mkdirSync(paths.configuration, { recursive: true });
  mkdirSync(join(home, "kafka"));
  symlinkSync(libraries, join(home, "kafka", "libs"));
  const module = "org.apache.kafka.common.security.scram.ScramLoginModule";
  writeSecret(paths.credentials, {
    "jaas-config": `${module} required username="${plan.identity.username}" password="${connect.password}";`,
  });
  for (const { name } of plan.secrets) writeSecret(join(paths.secrets, name), connect.secrets[name] ?? {});
  const files = {
    "start.sh": workerStartScript(paths),
    "log4j2.properties": loggingProperties(),
    "worker.properties": workerProperties({
      paths,
      bootstrapServers: connect.brokers,
      securityProtocol: "SASL_PLAINTEXT",
      saslMechanism: "SCRAM-SHA-512",
      ownAuthority: false,
      group: plan.identity.workerGroup ?? "",
      topics: plan.internalTopics,
      listenHost: "${env:POD_IP}",
      restPort: plan.restPort,
      secrets: plan.secrets.map(({ name }) => name),
    }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(paths.configuration, name), text);
  return paths;
}

/** Starts a worker as its pod does. */
export function startWorker(group: ProcessGroup, connect: TestConnect, host: string): RunningProgram {
  const paths = prepareWorker(connect, host);
  return group.start({
    command: "sh",
    args: [join(paths.configuration, "start.sh")],
    // The machine is not the container: a share of its memory would be far too much.
    env: { POD_IP: host, JAVA_TOOL_OPTIONS: "-Xmx256m" },
    log: join(connect.folder, `worker-${host}.log`),
  });
}

/** Whether a worker's readiness probe would succeed. */
export async function isHealthy(host: string, { restPort }: DataConnectorPlan): Promise<boolean> {
  return fetch(`http://${host}:${restPort}/health`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** How a registration ended. */
export interface RegistrationResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs what the Job runs, as a process.
 *
 * @param changes options over those of the plan
 */
export async function register(
  { folder, plan }: TestConnect,
  host: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<RegistrationResult> {
  const secrets = join(folder, `worker-${host}`, "secrets");
  const resolved = Object.entries(plan.config).map(([name, value]) => [
    name,
    typeof value === "string" ? value : secretReference({ secrets }, value.secret, value.key),
  ]);
  const configuration = join(folder, "connector.json");
  writeFileSync(configuration, JSON.stringify({ ...Object.fromEntries(resolved), ...changes }));
  const script = join(folder, "register.sh");
  writeFileSync(
    script,
    registrationScript({
      address: `http://${host}:${plan.restPort}`,
      connector: plan.registeredName,
      configuration,
      waitSeconds: 90,
      steadySeconds: 3,
    }),
  );
  return promisify(execFile)("sh", [script], { env: { PATH: process.env["PATH"] } }).then(
    (output) => ({ code: 0, ...output }),
    (error: unknown) => failureOf(error),
  );
}

/** What restarts a connector, as a process. */
export interface AutoRestart {
  readonly program: RunningProgram;
  /** Whether its readiness probe would succeed. */
  readonly isReady: () => boolean;
}

/** How a test wants a connector to be looked after. */
export interface AutoRestartOptions {
  /** Of its files. */
  readonly name: string;
  /** Seconds that a minute of the back-off takes: above what a task needs to start and to fail. */
  readonly minuteSeconds: number;
  readonly maxRestarts?: number;
}

/** Runs what looks after a connector. */
export function startAutoRestart(
  group: ProcessGroup,
  { folder, plan }: TestConnect,
  host: string,
  { name, minuteSeconds, maxRestarts }: AutoRestartOptions,
): AutoRestart {
  const wellFile = join(folder, `${name}-well`);
  const lookFile = join(folder, `${name}-look`);
  const script = join(folder, `${name}.sh`);
  const address = `http://${host}:${plan.restPort}`;
  const times = { periodSeconds: 1, minuteSeconds };
  writeFileSync(
    script,
    restartScript({ address, connector: plan.registeredName, maxRestarts, wellFile, lookFile, ...times }),
  );
  const log = join(folder, `${name}.log`);
  const program = group.start({ command: "sh", args: [script], env: {}, log });
  return { program, isReady: () => existsSync(wellFile) };
}

function failureOf(error: unknown): RegistrationResult {
  if (!(error instanceof Error) || !("code" in error) || !("stdout" in error) || !("stderr" in error)) {
    throw error;
  }
  return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) };
}
