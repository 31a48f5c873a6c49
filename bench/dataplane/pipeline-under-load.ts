import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { EndpointPlan, EventHookPlan, PipelinePlan } from "../../pipelines/model/plan/plan";
import { hookConfigSchema } from "../../services/hook-runner/hook-config";
import { endpointOf, hookOf, planOf } from "../../tests/model/documents-under-test";
import { GatewayProcess } from "../../tests/services/gateway/gateway-process";
import { passwordOf, PipelineBroker } from "../../tests/services/pipeline-broker";
import {
  algoOf,
  isPodReady,
  startHookPod,
  startRunnerPod,
  type PodProcess,
} from "../../tests/services/pod-process";
import { freePort } from "../../tests/software/free-port";
import { eventually, type ProcessGroup, type RunningProgram } from "../../tests/software/process-group";

/** Partitions of each topic. */
export const partitions = 6;
const network = "127.0.90";

/** Texts go from the endpoint through an algo to a webhook; those of other paths go nowhere but into their topic. */
const document = (algoPort: number): string => `apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: bench
  deploymentName: echo
  pipelineOwner: bench
  pipelineName: echo
  pipelineVersionTag: "1.0"
  endpoint:
    paths:
      - { name: texts, contentType: text/plain, topic: { outputName: texts, partitions: ${partitions} } }
      - { name: spare, contentType: text/plain, topic: { outputName: spare, partitions: ${partitions} } }
      - { name: calls, contentType: text/plain, endpointType: gRPC, topic: { outputName: calls, partitions: ${partitions} } }
  algos:
    - version: "1.0"
      timeoutSeconds: 30
      topics: [{ outputName: Out, partitions: ${partitions} }]
      spec:
        owner: bench
        name: echo
        executor: http
        versions: [{ versionTag: "1.0", image: { repository: bench/echo, tag: "1.0" } }]
        inputs:
          - name: In
            inputDeliveryType: Http
            contentTypes: [text/plain]
            http: { verb: POST, port: ${algoPort}, path: /run }
        outputs: [{ name: Out, outputDeliveryType: HttpResponse, contentType: text/plain }]
  eventHook:
    webHooks:
      - { name: driver, pipelineHookInputName: out, webHookUrl: "https://driver.bench.example/" }
      - { name: nobody, pipelineHookInputName: spare, webHookUrl: "https://nobody.bench.example/" }
      - { name: no-one, pipelineHookInputName: calls, webHookUrl: "https://nobody.bench.example/" }
  pipes:
    - { sourceName: Endpoint, sourceOutputName: texts, destName: "bench/echo:1.0[1]", destInputName: In }
    - { sourceName: "bench/echo:1.0[1]", sourceOutputName: Out, destName: EventHook, destInputName: out }
    - { sourceName: Endpoint, sourceOutputName: spare, destName: EventHook, destInputName: spare }
    - { sourceName: Endpoint, sourceOutputName: calls, destName: EventHook, destInputName: calls }
`;

/** Topics of the pipeline. */
export const topics = {
  input: "algorun.bench.echo.endpoint.0.texts",
  output: "algorun.bench.echo.echo.1.out",
} as const;

/** The programs of a pipeline, as its pods run them, with a broker. */
export class PipelineUnderLoad {
  private constructor(
    private readonly group: ProcessGroup,
    readonly broker: PipelineBroker,
    private readonly plan: PipelinePlan,
    readonly algoPort: number,
    private readonly algo: RunningProgram,
    readonly gateway: GatewayProcess,
    private readonly profiled: Readonly<Record<string, string>>,
  ) {}

  /**
   * Starts the broker, the algo's server and the gateway.
   *
   * @param profiles - folder for CPU profiles of the services; undefined: none are made
   */
  static async start(group: ProcessGroup, profiles?: string): Promise<PipelineUnderLoad> {
    const profiled = profiles === undefined ? {} : profiling(profiles);
    const broker = await PipelineBroker.start(group, network);
    try {
      const algoPort = await freePort();
      const plan = planOf(document(algoPort));
      await broker.deploy(plan);
      const algo = startBesides(group, broker, "echo-algo", algoPort);
      const endpoint = endpointOf(plan);
      const gateway = await GatewayProcess.start(group, {
        folder: join(broker.folder, "gateway"),
        plan: endpoint,
        address: `${network}.2`,
        env: { ...loginOf(endpoint, broker), ...profiled },
      });
      return new PipelineUnderLoad(group, broker, plan, algoPort, algo, gateway, profiled);
    } catch (error) {
      await group.stopAll();
      broker.remove();
      throw error;
    }
  }

  /** Where messages for a path go. */
  urlOf(path: "texts" | "spare"): string {
    return `${this.gateway.http}/bench/echo/${path}`;
  }

  /** Where messages by gRPC go. */
  get callUrl(): string {
    return `grpc://${this.gateway.grpc}/calls`;
  }

  /** Process ids of what runs whatever is measured. */
  get pids(): { readonly broker: number; readonly gateway: number; readonly algo: number } {
    return {
      broker: pidOf(this.broker.program),
      gateway: pidOf(this.gateway.program),
      algo: pidOf(this.algo),
    };
  }

  /** Starts the runner. */
  async startRunner(): Promise<PodProcess> {
    const algo = algoOf(this.plan, "bench-echo-1-0-1");
    return await this.ready(
      await startRunnerPod(this.group, algo, {
        broker: this.broker,
        instance: "echo-0",
        environment: this.profiled,
      }),
    );
  }

  /** Starts the hook, whose webhook is on this machine. */
  async startHook(receiverPort: number): Promise<PodProcess> {
    const hook = withReceiver(hookOf(this.plan), receiverPort);
    return await this.ready(
      await startHookPod(this.group, hook, {
        broker: this.broker,
        instance: "hook-0",
        environment: this.profiled,
      }),
    );
  }

  private async ready(pod: PodProcess): Promise<PodProcess> {
    await eventually("a ready pod", () => isPodReady(pod), { program: pod.program, seconds: 120 });
    return pod;
  }
}

/** Starts a server that stands beside what is measured. */
export function startBesides(
  group: ProcessGroup,
  broker: PipelineBroker,
  name: "echo-algo" | "bare-server",
  port: number,
): RunningProgram {
  return group.start({
    command: process.execPath,
    args: ["--import", "tsx", join(__dirname, `${name}.ts`), String(port)],
    env: {},
    log: join(broker.folder, `${name}.log`),
  });
}

function profiling(folder: string): Readonly<Record<string, string>> {
  mkdirSync(folder, { recursive: true });
  return {
    NODE_OPTIONS: `--import=${pathToFileURL(join(__dirname, "cpu-profile.mjs")).href}`,
    CPU_PROFILE_FOLDER: resolve(folder),
  };
}

/** A program's process id. */
export function pidOf({ pid }: { readonly pid?: number | undefined }): number {
  if (pid === undefined) throw new Error("a program could not be started");
  return pid;
}

function loginOf(endpoint: EndpointPlan, broker: PipelineBroker): Readonly<Record<string, string>> {
  return {
    KAFKA_AUTH_PASSWORD: passwordOf(endpoint),
    KAFKA_AUTH_TYPE: "scram-sha-512",
    KAFKA_AUTH_USERNAME: endpoint.identity.username,
    KAFKA_BROKERS: broker.address,
    KAFKA_TLS: "false",
  };
}

/** Only the webhook of the algo's results, and there the driver, where no document may lead. */
function withReceiver(plan: EventHookPlan, port: number): EventHookPlan {
  const stated = hookConfigSchema.parse(plan.config);
  const webhooks = stated.webhooks
    .filter(({ name }) => name === "driver")
    .map((webhook) => ({ ...webhook, url: `http://127.0.0.1:${port}/` }));
  const inputs = stated.inputs.filter(({ topics: read }) => read.includes(topics.output));
  const config: unknown = { ...stated, webhooks, inputs };
  return Object.assign({}, plan, { config });
}

/** Writes the settings with which Kafka's own tools log in. */
export function writeClientProperties({ address, administrator, folder }: PipelineBroker): string {
  const file = join(folder, "client.properties");
  const { username = "", password = "" } = administrator;
  writeFileSync(
    file,
    [
      `bootstrap.servers=${address}`,
      "security.protocol=SASL_PLAINTEXT",
      "sasl.mechanism=SCRAM-SHA-512",
      `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="${username}" password="${password}";`,
    ].join("\n"),
  );
  return file;
}
