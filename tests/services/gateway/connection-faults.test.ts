import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { recordFault, shortOrLong } from "../../harness/fault-records";
import { eventually, ProcessGroup } from "../../software/process-group";
import { curl } from "./curl";
import { endpointUnderTest } from "./gateway-documents";
import { GatewayProcess } from "./gateway-process";
import { EndpointClient } from "./grpc-client";
import { anyRubbish, sendRubbish } from "./rubbish";

const network = "127.0.33";
const mebibyte = 1024 * 1024;

describe("A gateway with callers who mean harm", function () {
  this.timeout(shortOrLong(300_000, 3_600_000));
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "gateway-connections-"));
  let gateway: GatewayProcess;

  before(async () => {
    gateway = await GatewayProcess.start(group, {
      folder,
      plan: endpointUnderTest(),
      address: `${network}.2`,
      // Nobody listens there: the log takes what comes.
      env: { KAFKA_BROKERS: `${network}.9:9092`, AWS_REGION: "us-east-1" },
    });
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  const memory = (): Promise<number> => gateway.metric("process_resident_memory_bytes");

  async function sendWell(): Promise<void> {
    const url = `${gateway.http}/acme/orders/texts`;
    const { body, status } = await curl("-H", "content-type: text/plain", "-d", "well", url);
    assert.equal(status, 202, body);
  }

  it("answers others while many slow connections are open, and ends those that say nothing", async () => {
    const count = shortOrLong(500, 10_000);
    const { hostname, port } = new URL(gateway.http);
    await sendWell();
    const resident = await memory();
    const closed = { count: 0 };
    const sockets: Socket[] = Array.from({ length: count }, () => {
      const socket = connect(Number(port), hostname, () =>
        socket.write("POST /acme/orders/texts HTTP/1.1\r\nhost: a\r\n"),
      );
      socket.on("error", () => undefined).on("data", () => undefined);
      return socket.once("close", () => (closed.count += 1));
    });
    await eventually("all are connected", () => sockets.every((socket) => !socket.connecting), {
      seconds: 180,
    });
    await sendWell();
    const grown = (await memory()) - resident;
    assert.ok(grown < 20 * mebibyte + count * 40_000, `${count} took ${Math.round(grown / mebibyte)} MiB`);
    await eventually("the slow ones are ended", () => closed.count === count, { seconds: 180 });
    const note = `${count} connections, ${Math.round(grown / mebibyte)} MiB; 1 good message meanwhile`;
    await recordFault({
      fault: "gateway: slow connections",
      tries: count,
      sent: 1,
      delivered: 1,
      doubled: 0,
      lost: 0,
      note,
    });
  });

  it("stays up whatever comes in, in bounded memory, and takes good messages afterwards", async () => {
    const runs = shortOrLong(8, 500);
    const ports = Object.values(endpointUnderTest().ports);
    const resident = await memory();
    let good = 0;
    const property = fc.asyncProperty(
      fc.array(anyRubbish, { minLength: 20, maxLength: 20 }),
      async (list) => {
        const sent = list.map((rubbish, index) =>
          sendRubbish(rubbish, `${network}.2`, ports[index % ports.length] ?? 0),
        );
        await Promise.all(sent);
        assert.equal(gateway.program.ended(), false, gateway.log);
        await sendWell();
        good += 1;
      },
    );
    await fc.assert(property, { numRuns: runs, endOnFailure: true });
    const grown = Math.round(((await memory()) - resident) / mebibyte);
    assert.ok(grown < 150, `it took ${grown} MiB more`);
    assert.equal(await gateway.metric("algorun_gateway_in_flight_bytes"), 0);
    const note = `${runs * 20} malformed connections, ${grown} MiB more memory; a good message after each 20`;
    await recordFault({
      fault: "gateway: malformed HTTP, HTTP/2 and gRPC",
      tries: runs * 20,
      sent: good,
      delivered: good,
      doubled: 0,
      lost: 0,
      note,
    });
  });

  it("answers every message of long streams of gRPC, in turn, however slow they are and whoever is busy", async () => {
    const seconds = shortOrLong(10, 600);
    const until = Date.now() + seconds * 1000;
    const size = 200_000;
    const streams = [
      { name: "slow", pauseMs: 1_000, bytes: 100, most: 1 },
      { name: "busy", pauseMs: 1, bytes: 100, most: 64 },
      // Kafka is away: what they bring in all that time has to have room in the log.
      { name: "large", pauseMs: shortOrLong(10, 250), bytes: size, most: 16 },
    ];
    const results = await Promise.all(
      streams.map(async ({ name, pauseMs, bytes, most }) => {
        const client = new EndpointClient(gateway.grpc);
        const call = client.start("Run");
        const offsets: string[] = [];
        call.on("data", ({ streamOffset }: { streamOffset: string }) => offsets.push(streamOffset));
        const ended = new Promise<string>((resolve) => {
          call.once("error", (error: Error) => {
            resolve(error.message);
          });
          call.once("end", () => {
            resolve("");
          });
        });
        const over = new AbortController();
        void ended.then(() => {
          over.abort();
        });
        let sent = 0;
        while (Date.now() < until && !over.signal.aborted) {
          await eventually(
            `stream ${name} is answered`,
            () => over.signal.aborted || sent - offsets.length < most,
          );
          call.write({ endpointPath: "frames", message: Buffer.alloc(bytes), streamOffset: String(sent) });
          sent += 1;
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
        call.end();
        assert.equal(await ended, "", name);
        client.close();
        assert.deepEqual(
          offsets,
          Array.from({ length: sent }, (_, index) => String(index)),
        );
        return sent;
      }),
    );
    const sent = results.reduce((sum, count) => sum + count, 0);
    const note = `${seconds} s; delivered: answered in turn, none later than a minute`;
    await recordFault({
      fault: "gateway: long streams of gRPC",
      tries: streams.length,
      sent,
      delivered: sent,
      doubled: 0,
      lost: 0,
      note,
    });
  });
});
