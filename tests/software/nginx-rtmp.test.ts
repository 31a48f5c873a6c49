import assert from "node:assert/strict";
import { streamKey, type StreamRight } from "../../components/ingress/stream-key";
import type { RunningProgram } from "./process-group";
import { eventually } from "./process-group";
import { RtmpServer } from "./rtmp-server";

const secret = "what-all-keys-are-derived-from";
const stream = "shop.orders.camera";
const right = publishKey({ stream });
const playKey = streamKey(secret, { right: "play", stream });

function publishKey(of: Omit<StreamRight, "right">): string {
  return streamKey(secret, { right: "publish", ...of });
}

describe("Nginx RTMP with the rendered configuration", function () {
  this.timeout(120_000);
  const server = new RtmpServer(secret, { updateSeconds: 1 });

  before(() => server.start());
  after(() => server.stop());

  describe("while a camera with the stream's key sends", () => {
    let camera: RunningProgram;

    before(async () => {
      camera = server.send(right);
      await server.arrives(stream, camera);
    });

    after(() => camera.stop());

    it("lets an endpoint of the cluster play the stream", async () => {
      const found = await server.play(playKey);
      assert.match(found, /codec_name=h264/);
      assert.match(found, /width=320/);
    });

    it("lets nobody else of the cluster play it", async () => {
      const otherKey = streamKey(secret, { right: "play", stream: "else.where.camera" });
      const others = [stream, right, `${stream}?${otherKey.split("?")[1] ?? ""}`, `${playKey}&call=play`];
      for (const key of others) await assert.rejects(server.play(key), key);
    });

    it("lets nobody play where the world publishes", async () => {
      await assert.rejects(server.playOutside(playKey));
    });

    it("takes no second sender of the same stream", async () => {
      await server.isRefused(server.send(right));
      assert.equal(camera.ended(), false);
    });
  });

  it("forgets the stream when the camera stops", async () => {
    await eventually("the stream is gone", async () => !(await server.playable()).includes(stream));
  });

  const otherKey = publishKey({ stream: "else.where.camera" }).split("?key=")[1] ?? "";
  const limited = publishKey({ stream, maxSeconds: 2 });
  const refused: Readonly<Record<string, string>> = {
    "no key": stream,
    "an empty key": `${stream}?key=`,
    "a wrong key": right.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")),
    "the key of another deployment's stream": `${stream}?key=${otherKey}`,
    "the key to play the stream": playKey,
    "the key of another server": streamKey("another secret", { right: "publish", stream }),
    "the key of another stream and its name": `${stream}?name=else.where.camera&key=${otherKey}`,
    "two keys, one of them right": `${right}&key=${otherKey}`,
    "a limit that was made longer": limited.replace("seconds=2", "seconds=999"),
    "a limit that was taken away": limited.replace("&seconds=2", ""),
    "a limit that nobody set": `${right}&seconds=999`,
  };
  for (const [what, key] of Object.entries(refused)) {
    it(`refuses a camera with ${what}`, async () => {
      const camera = server.send(key);
      await server.isRefused(camera);
      assert.deepEqual(await server.playable(), []);
    });
  }

  it("cuts off a stream whose time is up, and lets it begin again", async () => {
    for (const key of [limited, limited]) {
      const camera = server.send(key);
      await server.arrives(stream, camera);
      await server.isRefused(camera);
      await eventually("the stream is gone", async () => (await server.playable()).length === 0);
    }
  });

  describe("while the secret changes", () => {
    const second = "another-that-keys-are-derived-from";
    const others = {
      "with the key before": right,
      "with the key of now": streamKey(second, { right: "publish", stream }),
      "with a limited key before": publishKey({ stream, maxSeconds: 60 }),
    };

    before(async () => {
      await server.stopKeyCheck();
      await server.startKeyCheck(second, secret);
    });

    for (const [what, key] of Object.entries(others)) {
      it(`takes a camera ${what}`, async () => {
        const camera = server.send(key);
        await server.arrives(stream, camera);
        await camera.stop();
        await eventually("the stream is gone", async () => (await server.playable()).length === 0);
      });
    }

    it("refuses a camera with the key of neither", async () => {
      await server.isRefused(server.send(streamKey("a third", { right: "publish", stream })));
    });

    it("refuses the key before when it is retired", async () => {
      await server.stopKeyCheck();
      await server.startKeyCheck(second);
      await server.isRefused(server.send(right));
      await server.stopKeyCheck();
      await server.startKeyCheck(secret);
    });
  });

  describe("while nobody answers about keys", () => {
    it("lets nobody begin, and lets go on what is there", async () => {
      const camera = server.send(right);
      await server.arrives(stream, camera);
      await server.stopKeyCheck();
      const other = "shop.orders.second";
      await server.isRefused(server.send(publishKey({ stream: other })));
      assert.deepEqual(await server.playable(), [stream]);
      assert.equal(camera.ended(), false);
      await camera.stop();
    });
  });
});
