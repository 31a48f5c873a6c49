import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, ProcessGroup } from "../software/process-group";
import { DeployedRunner, type RunnerDeployment } from "./deployed-runner";
import { PipelineBroker } from "./pipeline-broker";
import { lines } from "./shout-pipeline";

/** Reads standard input; what it does depends on what it reads. Each run leaves a line in `runs`, beside it. */
const textProgram = `#!/bin/sh
input=$(cat)
echo "$input" >> "$(dirname "$0")/runs"
case "$input" in
  fail*) echo "no idea of $input" >&2; exit 3 ;;
  killed*) kill -9 $$ ;;
  hang*) sleep 60 & wait ;;
  large*) head -c 20000000 /dev/zero ;;
  later*) test "$(grep -c "$input" "$(dirname "$0")/runs")" -gt 2 || exit 1; echo "$input" | tr a-z A-Z ;;
  args*) printf '%s|' "$@" ;;
  environment*) env ;;
  *) printf '%s' "$input" | tr a-z A-Z ;;
esac
`;

/** `--in FILE --log FILE --out FOLDER`: copies its input twice, and says in the log what it got. */
const fileProgram = `#!/bin/sh
for word; do
  case "$previous" in --in) in=$word ;; --log) log=$word ;; --out) out=$word ;; esac
  previous=$word
done
test "$(cat "$in")" = "no log" || echo "$(basename "$in") $*" > "$log"
cp "$in" "$out/b.txt"
mkdir "$out/nested" && tr a-z A-Z < "$in" > "$out/nested/a.txt"
`;

describe("a runner that starts a program for each message", function () {
  this.timeout(120_000);
  const group = new ProcessGroup();
  const runners: DeployedRunner[] = [];
  let broker: PipelineBroker;
  let texts: DeployedRunner;
  let patient: DeployedRunner;
  let files: DeployedRunner;

  const program = (name: string, text: string): string => {
    const file = join(broker.folder, name);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    return file;
  };
  const runsOf = (text: string): number =>
    readFileSync(join(broker.folder, "runs"), "utf8")
      .split("\n")
      .filter((line) => line === text).length;

  const start = async (deployment: RunnerDeployment): Promise<DeployedRunner> => {
    const runner = await DeployedRunner.start(group, broker, deployment);
    runners.push(runner);
    return runner;
  };

  before(async function () {
    this.timeout(300_000);
    broker = await PipelineBroker.start(group, "127.0.41");
    const entrypoint = `${program("text", textProgram)} --first`;
    const input = "inputDeliveryType: StdIn, contentTypes: []";
    const output = "outputDeliveryType: StdOut, contentType: text/plain";
    const executable = { executor: "Executable", entrypoint, input, output } as const;
    texts = await start({
      ...executable,
      name: "texts",
      algo: "timeoutSeconds: 2",
      environment: { MODEL: "small" },
    });
    patient = await start({
      ...executable,
      name: "patient",
      algo: lines(
        "timeoutSeconds: 5",
        "retryEnabled: true",
        "retryStrategy: { strategy: Simple, steps: [{ index: 1, backoffDuration: 500ms, repeat: 2 }] }",
      ),
    });
    files = await start({
      executor: "Executable",
      name: "files",
      entrypoint: program("copy", fileProgram),
      input: "inputDeliveryType: FileParameter, contentTypes: [], fileParameter: { parameter: --in }",
      output: "outputDeliveryType: FolderParameter, parameter: --out, contentType: text/plain",
      otherOutputs:
        "{ name: Log, outputDeliveryType: FileParameter, parameter: --log, contentType: text/x-log }",
      algo: "writeAllOutputs: true",
    });
  });

  after(async () => {
    await group.stopAll();
    for (const runner of runners) await runner.close();
    broker.remove();
  });

  it("gives it the message by standard input, and the caller's parameters over the document's", async () => {
    await texts.sendTexts("hello");
    await texts.seesText("HELLO");
    const endpointParams = JSON.stringify({ locale: "tr", "--evil": "1" });
    await texts.send({ key: "k", value: "args", headers: { endpointParams } });
    await texts.seesText("--first|--locale|tr|--quiet|");
  });

  it("gives it the pod's environment, without the runner's logins", async () => {
    await texts.sendTexts("environment");
    const { value } = await texts.sees("the environment", (message) => message.value.includes("MODEL="));
    assert.match(value, /^MODEL=small$/m);
    assert.doesNotMatch(value, /KAFKA|AWS_|secretOf/);
  });

  it("says how it failed: exit code and complaint, signal, time; no message holds the ones behind it", async () => {
    await texts.sendTexts("fail", "killed", "hang", "large", "behind them all");
    const failed = await texts.givesUp("fail");
    assert.equal(failed["errorClass"], "ExitCode");
    assert.equal(failed["errorExitCode"], "3");
    assert.match(failed["errorMessage"] ?? "", /no idea of fail/);
    const killed = await texts.givesUp("killed");
    assert.deepEqual([killed["errorClass"], killed["errorSignal"]], ["ExitCode", "SIGKILL"]);
    assert.equal((await texts.givesUp("hang"))["errorClass"], "TimeOut");
    assert.equal((await texts.givesUp("large"))["errorClass"], "OutputTooLarge");
    await texts.seesText("BEHIND THEM ALL");
    assert.equal(await texts.metric("algorunner_dlq_total"), 4);
  });

  it("gives up what no program can be started with, instead of trying it for ever", async () => {
    const endpointParams = JSON.stringify({ locale: "a\u0000b" });
    await texts.send(
      { key: "k", value: "poison", headers: { endpointParams } },
      { key: "k", value: "after the poison" },
    );
    assert.equal((await texts.givesUp("poison"))["errorClass"], "Start");
    await texts.seesText("AFTER THE POISON");
  });

  it("with Simple, tries again in place: messages keep their order, and attempts are as the document says", async () => {
    await patient.sendTexts("later", "next", "fail for good", "last");
    await patient.seesText("LAST");
    const { messages } = await patient.topic();
    assert.deepEqual(
      messages.map(({ value }) => value.trim()),
      ["LATER", "NEXT", "LAST"],
    );
    const reasons = await patient.givesUp("fail for good");
    assert.equal(reasons["errorExitCode"], "3");
    assert.equal(runsOf("later"), 3);
    assert.equal(runsOf("fail for good"), 3, "once, and twice at the step");
    assert.equal(await patient.metric("algorunner_retry_total"), 4);
  });

  it("gives it the message as a file, and takes the files of a folder in the order of their names", async () => {
    const headers = { fileName: "../report 1.txt" };
    await files.send({ key: "k", value: "content", headers });
    await files.seesText("CONTENT");
    const { messages } = await files.topic();
    assert.deepEqual(
      messages.map(({ value, headers: { fileName } }) => [fileName, value]),
      [
        ["b.txt", "content"],
        ["nested/a.txt", "CONTENT"],
      ],
    );
    assert.equal(new Set(messages.map(({ headers: { messageID } }) => messageID)).size, 2);
  });

  it("with writeAllOutputs, keeps an output that no pipe leads from", async () => {
    const log = await files.sees("the log", () => true, "algorun.acme.files.upper.1.log");
    assert.match(
      log.value,
      /^report_1.txt --locale en --quiet --in \S+\/report_1.txt --log \S+ --out \S+\n$/,
    );
    assert.equal(log.headers.contentType, "text/x-log");
    await files.sendTexts("no log");
    assert.equal((await files.givesUp("no log"))["errorClass"], "OutputMissing");
  });

  it("leaves no files behind", async () => {
    for (const folder of ["input", "output"]) {
      const place = join(files.pod.folder, folder);
      assert.ok(existsSync(place));
      await eventually(`an empty ${folder}`, () => readdirSync(place).length === 0);
    }
  });
});
