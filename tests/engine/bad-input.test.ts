import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { startEnvironment } from "../../local/environment";
import { topicsOf } from "../../local/kafka/broker";
import { project } from "../../local/layout";
import { stopProcess } from "../../local/process/managed-process";
import { run } from "../../local/process/run";
import { EngineEnvironment } from "./engine-environment";
import type { Run } from "./program-run";

const orders = "orders/order-enrichment.yaml";
const sensors = "sensors/vibration-watch.yaml";

/** A mistake in a document, and what must be said of it. */
interface Mistake {
  readonly is: string;
  readonly file: string;
  /** The text that is replaced, and what is written instead. */
  readonly edit: readonly [before: string, after: string];
  /** A text in the line that must be named. */
  readonly at: string;
  /** What follows after the file's name and the line. */
  readonly said: string;
}

const mistakes: readonly Mistake[] = [
  {
    is: "an unknown algo",
    file: orders,
    edit: ["{ name: orders-validate }", "{ name: orders-validat }"],
    at: "{ name: orders-validat }",
    said:
      ' spec.algos[0].algoRef.name: unknown algo "orders-validat", expected the Algo "orders-validate", ' +
      '"orders-geocode", "orders-fraud-score" or "detect-anomaly"; did you mean "orders-validate"?',
  },
  {
    is: "a pipe to nowhere",
    file: orders,
    edit: ["destName: acme/validate-order:2.3.1[1]", "destName: acme/validate-order:2.3.2[1]"],
    at: "destName: acme/validate-order:2.3.2[1]",
    said: ' spec.pipes[0].destName: a pipe to "acme/validate-order:2.3.2[1]", which the deployment does not have',
  },
  {
    is: "a name given twice",
    file: sensors,
    edit: [
      "deploymentOwner: northwind\n  deploymentName: vibration-watch",
      "deploymentOwner: acme\n  deploymentName: order-enrichment",
    ],
    at: "deploymentName: order-enrichment",
    said: " spec.deploymentName: a second deployment acme.order-enrichment, the first is at ",
  },
  {
    is: "an output of another content type than the input",
    file: orders,
    edit: ["contentType: application/json", "contentType: image/png"],
    at: "sourceName: Endpoint",
    said:
      ' spec.pipes[0]: the output orders of Endpoint is "image/png", but the input Order of ' +
      'acme/validate-order:2.3.1[1] accepts "application/json"',
  },
  {
    is: "a broken YAML line",
    file: orders,
    edit: ["isDefault: true", "isDefault: true: false"],
    at: "isDefault: true: false",
    said: ": broken YAML: bad indentation of a mapping entry at column 24",
  },
  {
    is: "an unknown key",
    file: orders,
    edit: ["periodSeconds: 5", "periodSecond: 5"],
    at: "periodSecond: 5",
    said: ' spec.algos[1].readinessProbe.periodSecond: unknown key "periodSecond"; did you mean "periodSeconds"?',
  },
];

const state = z.object({
  deployment: z.object({ resources: z.array(z.object({ type: z.string() })).nullish() }),
});
const object = z.object({ metadata: z.object({ name: z.string() }) });

describe("bad input on a real cluster and a real broker", function () {
  this.timeout(600_000);
  let engine: EngineEnvironment;

  before(async () => {
    engine = await EngineEnvironment.start();
  });

  after(async () => {
    await engine.stop();
  });

  for (const { is, file, edit, at, said } of mistakes) {
    it(`${is} is named with its file and line`, async () => {
      engine.edit(file, ...edit);
      const path = join(engine.documents, file);
      const [before = ""] = readFileSync(path, "utf8").split(at);
      const outcome = await up();
      engine.edit(file, edit[1], edit[0]);
      assertRefused(outcome, `${path}:${before.split("\n").length}${said}`);
    });
  }

  it("an unknown config key is named with the nearest that exists", async () => {
    engine.configure({ "algorun:redis": { storageSiz: "1Gi" } });
    const outcome = await up();
    engine.configure({ "algorun:redis": {} });
    assertRefused(outcome, 'algorun:redis.storageSiz: no such key; did you mean "storageSize"?');
  });

  for (const { limits, said } of [
    {
      limits: { allPipelines: { pods: 10 } },
      said: "all pipelines together take 48 of pods at the most, expected at most 10, their limit in algorun:capacity.allPipelines: northwind.vibration-watch 26 (",
    },
    {
      limits: { eachBroker: { partitions: 20 } },
      said: "the one broker holds 55 partitions, copies included, expected at most 20, the limit in algorun:capacity.eachBroker.partitions: ",
    },
  ]) {
    it(`pipelines that don't fit into ${Object.keys(limits).join()} are named with what they take`, async () => {
      engine.configure({ "algorun:capacity": limits });
      const outcome = await up();
      engine.configure({ "algorun:capacity": {} });
      assertRefused(outcome, said);
    });
  }

  for (const { name, process, address } of [
    { name: "Kafka", process: "kafka", address: kafkaAddress },
    { name: "Kubernetes", process: "kube-apiserver", address: clusterAddress },
  ]) {
    it(`${name} that is down is named with its address, and what starts it, before anything is begun`, async () => {
      const where = address();
      await stopProcess(engine.environment.layout, process);
      const outcome = await up();
      await start();
      assertRefused(
        outcome,
        `${name} does not answer at ${where} (connection refused): type \`make up\`, ` +
          "which starts what is missing of the embedded environment",
      );
    });
  }

  it("nothing of that has made anything: in the state, in the cluster, on the broker", async () => {
    const exported = await run(engine.environment.pulumi, ["stack", "export", "--stack", "dev"], {
      cwd: project,
      env: engine.environment.variables,
    });
    const resources = state.parse(JSON.parse(exported)).deployment.resources ?? [];
    assert.deepEqual(
      resources.filter(({ type }) => type !== "pulumi:pulumi:Stack"),
      [],
    );
    const namespaces = (await engine.objects(object, "namespaces")).map(({ metadata }) => metadata.name);
    assert.deepEqual(namespaces.sort(), ["default", "kube-node-lease", "kube-public", "kube-system"]);
    assert.deepEqual(await topicsOf(engine.environment.connections.kafka), []);
  });

  it("a port that another program took is left to it, and all works again", async () => {
    const [host, port] = kafkaAddress().split(":");
    await stopProcess(engine.environment.layout, "kafka");
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(Number(port), host, resolve));
    try {
      const { connections } = await start();
      assert.equal(connections.kafka.bootstrapServers.includes(`${host}:${port}`), false);
      await engine.mustSucceed(engine.pulumi("preview", "--suppress-progress"));
    } finally {
      other.close();
    }
  });

  it("a passphrase that does not fit is named by `make up`, and nothing is begun", async () => {
    // Without a stack: that of an empty one is only tried by Pulumi itself, in words of its own.
    rmSync(engine.environment.layout.pulumiState, { recursive: true });
    const outcome = await makeUp({ PULUMI_CONFIG_PASSPHRASE: "another" });
    assertRefused(
      outcome,
      "PULUMI_CONFIG_PASSPHRASE does not fit stack dev: unset it, or set it to the one that ",
    );
    assert.doesNotMatch(outcome.output, /Previewing|Updating/);
  });

  async function up(): Promise<Run> {
    return engine.pulumi("up", "--yes", "--skip-preview", "--suppress-progress");
  }

  /** Starts what is missing, as `make up` does. */
  async function start(): ReturnType<typeof startEnvironment> {
    return startEnvironment({ directory: engine.environment.layout.directory });
  }

  async function makeUp(variables: NodeJS.ProcessEnv): Promise<Run> {
    const args = ["--import", "tsx", join(project, "local", "commands", "up.ts")];
    const env = { ...process.env, ALGORUN_LOCAL: engine.environment.layout.directory, ...variables };
    return new Promise((resolve) => {
      const running = execFile(process.execPath, args, { cwd: project, env }, (_, stdout, stderr) => {
        resolve({ exitCode: running.exitCode ?? 1, output: stdout + stderr });
      });
    });
  }

  function kafkaAddress(): string {
    return engine.environment.connections.kafka.bootstrapServers.join();
  }

  function clusterAddress(): string {
    const [, address = ""] =
      /server: https:\/\/(\S+)/.exec(readFileSync(engine.environment.layout.kubeconfig, "utf8")) ?? [];
    return address;
  }

  function assertRefused({ exitCode, output }: Run, sentence: string): void {
    assert.ok(output.includes(sentence), `${output}\n\ndoes not say:\n${sentence}`);
    assert.notEqual(exitCode, 0);
    assert.doesNotMatch(output, /^\s+at .+:\d+:\d+\)?$/m);
  }
});
