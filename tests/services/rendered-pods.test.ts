import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pipelineWorkloads } from "../../demo/deployed-objects";
import { platformPrograms } from "../../demo/platform-programs";
import { pipelineConfig } from "../../demo/pipeline-config";
import { RunningPods } from "../../demo/running-pods";
import { WebhookReceiver, type WebhookCall } from "../../demo/webhook-receiver";
import { withLocalWebhooks } from "../../demo/webhook-targets";
import { createFolders, layoutOf } from "../../local/layout";
import type { ImagePrograms } from "../../local/pods/image-programs";
import { objectKey, podObjects } from "../../local/pods/kubernetes-objects";
import { endLeftPods } from "../../local/pods/left-pods";
import { logTail, readProcesses, stopProcess } from "../../local/process/managed-process";
import { deployStack } from "../harness/whole-stack";
import { manifests } from "../harness/manifests";
import { fillBroker } from "../software/broker-contents";
import { eventually } from "../software/process-group";
import { startEmbeddedBroker } from "./embedded-broker";

const id = "acme.rendered";

/** What is in the images of the algos; the program of the first is this machine's own. */
const algoPrograms: ImagePrograms = {
  "acme/sort": { entrypoint: [] },
  "acme/shout": { entrypoint: [process.execPath, "-e", shoutServer()] },
  "acme/echo": {
    entrypoint: [
      process.execPath,
      "--import",
      pathToFileURL(require.resolve("tsx")).href,
      join(__dirname, "..", "..", "demo", "algos", "echo-grpc.ts"),
      "50051",
    ],
  },
};

function shoutServer(): string {
  return `require("node:http").createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.setHeader("content-type", "text/plain");
    response.end(request.url.startsWith("/shout") ? Buffer.concat(chunks).toString().toUpperCase() : "");
  }).listen(8080, process.env.LISTEN_ADDRESS)`;
}

describe("the pods of a pipeline, as they are rendered", function () {
  this.timeout(500_000);
  const layout = layoutOf(mkdtempSync(join(tmpdir(), "algorun-rendered-")));
  const calls: WebhookCall[] = [];
  let pods: RunningPods;
  let receiver: WebhookReceiver;
  let endpoint: string;

  before(async () => {
    createFolders(layout);
    const resources = await deployStack({ documents: [join(__dirname, "rendered-pods.yaml")] });
    const objects = podObjects(manifests(resources));
    const { namespace, own, platform } = pipelineWorkloads(objects, id);
    const { hook } = pipelineConfig({ ...objects, workloads: own }, namespace);
    assert.ok(hook);
    receiver = new WebhookReceiver(objects.secrets[objectKey(namespace, "hook-signing")] ?? {}, (call) => {
      calls.push(call);
    });
    const address = await receiver.listen("127.0.0.1");
    const [kafka, programs] = await Promise.all([startEmbeddedBroker(layout), platformPrograms()]);
    await fillBroker(kafka, resources, { onlyBroker: true });
    pods = new RunningPods({
      layout,
      kafka,
      objects: withLocalWebhooks({ ...objects, workloads: [...platform, ...own] }, namespace, hook, address),
      programs: { ...programs, ...algoPrograms },
      first: platform,
      mostReplicas: 1,
      report: () => undefined,
    });
    await pods.start();
    endpoint = `http://${pods.addressOf("endpoint") ?? ""}:18080/acme/rendered`;
  });

  after(async () => {
    receiver.close();
    await endLeftPods(layout);
    await stopProcess(layout, "kafka");
    rmSync(layout.directory, { recursive: true });
  });

  /** Posts a text, and gives the call of the webhook with what became of it. */
  const sent = async (path: string, trace: string, body: string): Promise<WebhookCall> => {
    const headers = { "content-type": "text/plain" };
    const answer = await fetch(`${endpoint}/${path}/${trace}`, { method: "POST", body, headers });
    assert.equal(answer.status, 202, await answer.text());
    const call = (): WebhookCall | undefined => calls.find(({ traceID }) => traceID === trace);
    await eventually(`the webhook is called for ${trace}`, () => call() !== undefined, { seconds: 60 }).catch(
      (error: unknown) => {
        const tails = readProcesses(layout).map(({ name }) => `${name}\n${logTail(layout, name, 5)}`);
        throw new Error(tails.join("\n\n"), { cause: error });
      },
    );
    const found = call();
    assert.ok(found);
    return found;
  };

  it("take a message by HTTP, and lead it through a program, an HTTP and a gRPC server to a webhook", async () => {
    const { body, webhook } = await sent("texts", "message", "pear\nfig\npear\n");
    assert.equal(body.toString(), "FIG\nPEAR\n");
    assert.equal(webhook, "signed");
  });

  it("sign what they deliver with the secret that the stack shows", async () => {
    await sent("texts", "signature", "kiwi\n");
    assert.equal(receiver.refused, 0, "the receiver checks signatures, and would have refused another");
  });

  it("take a file that no message could hold, and lead it on by reference", async () => {
    const { body } = await sent("files", "file", "pear\nfig\n".repeat(400_000));
    assert.equal(body.toString(), "FIG\nPEAR\n");
  });

  it("have object storage hold the files, and nothing in folders that are to be empty", () => {
    const folder = join(layout.directory, "pods", "algorun-acme-rendered");
    const sorter = readdirSync(folder).find((name) => name.startsWith("acme-sort"));
    assert.ok(sorter);
    for (const volume of ["input", "output"]) {
      const path = join(folder, sorter, "volumes", volume);
      assert.ok(existsSync(path), path);
      assert.deepEqual(readdirSync(path), [], volume);
    }
  });

  it("run without a container that ended, and leave no process when they are to end", async () => {
    assert.equal(pods.restarts, 0);
    await pods.stop();
    assert.deepEqual(
      readProcesses(layout).map(({ name }) => name),
      ["kafka"],
    );
  });
});
