import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../local/process/run";
import { eventually, ProcessGroup, type RunningProgram } from "../software/process-group";
import { smallDisk } from "../software/small-disk";
import { DeployedRunner, type RunnerDeployment } from "./deployed-runner";
import { PipelineBroker } from "./pipeline-broker";
import { podLog } from "./pod-process";
import { TestAlgo } from "./test-algo";

/** Each run leaves a line in `runs`, beside it. */
const program = `#!/bin/sh
echo "$2" >> "$(dirname "$0")/runs"
tr a-z A-Z < "$2"
`;

describe("what a runner needs beside Kafka", function () {
  this.timeout(120_000);
  const group = new ProcessGroup();
  const runners: DeployedRunner[] = [];
  const algo = new TestAlgo(async ({ body }) => {
    if (!body.startsWith("bomb")) return { body: body.toUpperCase() };
    await algo.close();
    return "cut";
  });
  let broker: PipelineBroker;

  before(async () => {
    broker = await PipelineBroker.start(group, "127.0.43");
  });

  after(async () => {
    for (const runner of runners) await runner.close();
    await algo.close();
    await group.stopAll();
    broker.remove();
  });

  const start = async (deployment: RunnerDeployment): Promise<DeployedRunner> => {
    const runner = await DeployedRunner.start(group, broker, deployment);
    runners.push(runner);
    return runner;
  };
  const waits = async ({ pod }: DeployedRunner, reason: RegExp): Promise<void> => {
    const isSaid = (): boolean => reason.test(podLog(pod));
    await eventually("the runner says what it waits for", isSaid, { program: pod.program });
  };

  it("is waited for where it is room on the disk: no attempt is counted, and nothing is given up", async () => {
    const entrypoint = join(broker.folder, "shout");
    writeFileSync(entrypoint, program);
    chmodSync(entrypoint, 0o755);
    const disk = await RunnersDisk.of(group, join(broker.folder, "full-a", "input"));
    const runner = await start({
      executor: "Executable",
      name: "full",
      entrypoint,
      parameters: "[]",
      input: "inputDeliveryType: FileParameter, contentTypes: [], fileParameter: { parameter: --in }",
      output: "outputDeliveryType: StdOut, contentType: text/plain",
      wrapper: disk.wrapper,
    });
    await runner.sendTexts("before");
    await runner.seesText("BEFORE");
    await disk.fill(runner.pod.program);
    await runner.sendTexts("held up", "behind it");
    await waits(runner, disk.complaint);
    assert.equal((await runner.topic()).messages.length, 1);
    await disk.free(runner.pod.program);
    await runner.seesText("BEHIND IT");
    assert.deepEqual(
      (await runner.topic()).messages.map(({ value }) => value),
      ["BEFORE", "HELD UP", "BEHIND IT"],
    );
    const runs = readFileSync(join(broker.folder, "runs"), "utf8").trim().split("\n");
    assert.equal(runs.length, 3);
    const counts = ["algorunner_dlq_total", "algorunner_retry_total"].map((name) => runner.metric(name));
    assert.deepEqual(await Promise.all(counts), [0, 0]);
  });

  it("is waited for where it is the algo's server, whose end counts for the message that has caused it", async () => {
    const port = await algo.listen();
    const runner = await start({
      name: "bombed",
      algo: "timeoutSeconds: 5",
      input: `inputDeliveryType: Http, contentTypes: [], http: { port: ${port} }`,
    });
    await runner.sendTexts("bomb", "behind it", "last");
    assert.equal((await runner.givesUp("bomb"))["errorClass"], "Connection");
    await waits(runner, /the algo's server does not listen/);
    assert.deepEqual((await runner.topic()).messages, []);
    await algo.listen();
    await runner.seesText("LAST");
    assert.deepEqual(
      (await runner.topic()).messages.map(({ value }) => value),
      ["BEHIND IT", "LAST"],
    );
    assert.equal(await runner.metric("algorunner_dlq_total"), 1);
  });
});

/**
 * The disk of a runner's files that can become full. Where the machine permits none of its own, the runner may open no
 * file instead.
 */
class RunnersDisk {
  private constructor(
    private readonly filler: string | undefined,
    /** Put before the runner's command. */
    readonly wrapper: readonly string[],
    /** What the runner says of it. */
    readonly complaint: RegExp,
  ) {}

  static async of(group: ProcessGroup, folder: string): Promise<RunnersDisk> {
    const { isReal, wrapper } = await smallDisk(group, folder, 4);
    return isReal
      ? new RunnersDisk(join(folder, "filler"), wrapper, /ENOSPC.*waits for what is around the algo/)
      : new RunnersDisk(undefined, [], /EMFILE.*waits for what is around the algo/);
  }

  async fill({ pid }: RunningProgram): Promise<void> {
    const { filler } = this;
    if (filler === undefined) await run("prlimit", ["--pid", `${pid}`, "--nofile=8:"]);
    else await this.inside("sh", "-c", 'cat /dev/zero >"$1" 2>&- || true', "sh", filler);
  }

  async free({ pid }: RunningProgram): Promise<void> {
    const { filler } = this;
    if (filler === undefined) await run("prlimit", ["--pid", `${pid}`, "--nofile=1024:"]);
    else await this.inside("rm", filler);
  }

  private async inside(...args: readonly string[]): Promise<void> {
    const [command = "", ...rest] = [...this.wrapper, ...args];
    await run(command, rest);
  }
}
