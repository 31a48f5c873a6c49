import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ObjectStorage, readFileReference, writeFileReference } from "@algorun/common";
import { recordFault, shortOrLong } from "../harness/fault-records";
import { startMinio, type RestartableMinio } from "../software/minio-server";
import { eventually, ProcessGroup } from "../software/process-group";
import { PipelineBroker } from "./pipeline-broker";
import { algoOf, isPodReady, startRunnerPod, type PodProcess } from "./pod-process";
import { shout, shoutPlan } from "./shout-pipeline";
import { TestAlgo } from "./test-algo";
import { TopicReader, writeMessages } from "./topic-reader";

const network = "127.0.55";
const bucket = "acme.shout";
const secret = "acmeshoutSecret02";
const timeoutSeconds = 2;
/** Files of a fault; with what the algo takes for each they are seconds of work. */
const filesOfAFault = 240;

describe("a runner whose files are in object storage that comes and goes", function () {
  this.timeout(shortOrLong(240_000, 3_600_000));
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "runner-storage-"));
  const algo = new TestAlgo(async ({ body }) => {
    await sleep(40);
    return { body: body.toUpperCase() };
  });
  let minio: RestartableMinio;
  let storage: ObjectStorage;
  let broker: PipelineBroker;
  let outputs: TopicReader;
  let deadLetters: TopicReader;
  let pod: PodProcess;

  before(async () => {
    minio = await startMinio(group, folder, `${network}.1:9000`);
    await minio.makeBucket(bucket);
    const credentials = { accessKeyId: bucket, secretAccessKey: secret };
    storage = new ObjectStorage(bucket, {
      endpoint: minio.endpoint,
      region: "us-east-1",
      credentials,
      forcePathStyle: true,
    });
    const port = await algo.listen();
    const plan = shoutPlan({
      algo: `timeoutSeconds: ${timeoutSeconds}`,
      input: `inputDeliveryType: Http, contentTypes: [], http: { port: ${port} }`,
      pipeDataType: "FileReference",
    });
    broker = await PipelineBroker.start(group, network);
    await broker.deploy(plan);
    outputs = await new TopicReader(broker.administrator, shout.output).start();
    const deadLetterTopic = "algorun.acme.shout.upper.1.dead-letters";
    deadLetters = await new TopicReader(broker.administrator, deadLetterTopic).start();
    pod = await startRunnerPod(group, algoOf(plan, shout.algo), {
      broker,
      instance: "upper-0",
      environment: {
        AWS_ACCESS_KEY_ID: bucket,
        AWS_SECRET_ACCESS_KEY: secret,
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL_S3: minio.endpoint,
      },
    });
    await eventually("a ready runner", () => isPodReady(pod), { program: pod.program });
  });

  after(async () => {
    minio.program().signal("SIGCONT");
    storage.close();
    await outputs.close();
    await deadLetters.close();
    await algo.close();
    await group.stopAll();
    broker.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const faults = [
    {
      name: "killed and started",
      strike: async () => {
        await minio.program().stop("SIGKILL");
        await minio.restart();
      },
    },
    {
      name: "hanging, for longer than the algo may take",
      strike: async () => {
        minio.program().signal("SIGSTOP");
        await sleep(timeoutSeconds * 2_000);
        minio.program().signal("SIGCONT");
      },
    },
  ];

  for (const { name, strike } of faults)
    it(`gives no message up, and none twice, when it is ${name}`, async () => {
      const tries = shortOrLong(1, 10);
      const counts = { sent: 0, delivered: 0, doubled: 0, lost: 0 };
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const seen = outputs.messages.length;
        const sent = await sendFiles(`${name} ${attempt}`);
        await eventually("it is at work", () => outputs.messages.length > seen + filesOfAFault / 4);
        await strike();
        await eventually("all is done", () => outputs.messages.length >= seen + sent.length);
        const results = await contentsOf(outputs.messages.slice(seen).map(({ value }) => value));
        const missing = sent.filter((content) => !results.includes(content.toUpperCase()));
        counts.sent += sent.length;
        counts.lost += missing.length;
        counts.delivered += sent.length - missing.length;
        counts.doubled += results.length - new Set(results).size;
      }
      await recordFault({ fault: `runner: object storage ${name}`, tries, ...counts });
      assert.deepEqual({ doubled: counts.doubled, lost: counts.lost }, { doubled: 0, lost: 0 });
      assert.deepEqual(
        deadLetters.messages.map(({ headers }) => headers),
        [],
      );
    });

  /** Stores files, and writes a message that points to each. @returns their contents */
  async function sendFiles(name: string): Promise<readonly string[]> {
    const contents = Array.from({ length: filesOfAFault }, (_, index) => `${name}: file ${index}`);
    const messages = await Promise.all(
      contents.map(async (content, index) => {
        const key = `in/${content}`;
        const { size, sha256 } = await storage.upload(key, Readable.from([Buffer.from(content)]));
        const value = writeFileReference({ bucket, key, size, sha256 }).toString();
        return { key: `key-${index}`, value, headers: { messageDataType: "FileReference" } };
      }),
    );
    await writeMessages(broker.administrator, shout.input, messages);
    return contents;
  }

  async function contentsOf(references: readonly string[]): Promise<readonly string[]> {
    return await Promise.all(
      references.map(async (value) => {
        const reference = readFileReference(Buffer.from(value));
        assert.ok(reference, value);
        return await text(await storage.download(reference.key));
      }),
    );
  }
});
