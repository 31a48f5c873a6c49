import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { renderNginxRtmpConfig } from "../../components/ingress/nginx-rtmp-config";
import { resolveTools } from "../../local/toolchain/toolchain";
import { freePort } from "./free-port";
import { eventually, ProcessGroup, type RunningProgram } from "./process-group";

const execute = promisify(execFile);

/** Debian has the RTMP module as a file; the image has it built in. */
const rtmpModule = "/usr/lib/nginx/modules/ngx_rtmp_module.so";

describe("Nginx RTMP with the rendered configuration", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-nginx-rtmp-"));
  const programs = new ProcessGroup();
  const stream = "shop.orders.camera";
  let ffmpeg = "";
  let ffprobe = "";
  let publishUrl = "";
  let playUrl = "";
  let statusUrl = "";
  let server: RunningProgram | undefined;

  before(async () => {
    const tools = await resolveTools(["nginx", "ffmpeg"]);
    ffmpeg = tools.ffmpeg.path;
    ffprobe = ffmpeg.replace(/ffmpeg$/, "ffprobe");
    const [publishPort, playPort, statusPort] = await Promise.all([freePort(), freePort(), freePort()]);
    publishUrl = `rtmp://127.0.0.1:${publishPort}/live`;
    playUrl = `rtmp://127.0.0.1:${playPort}/live`;
    statusUrl = `http://127.0.0.1:${statusPort}`;
    const config = renderNginxRtmpConfig({
      publishPort,
      playPort,
      statusPort,
      workFolder: folder,
      modules: [rtmpModule],
    });
    writeFileSync(join(folder, "nginx.conf"), config.replaceAll("listen ", "listen 127.0.0.1:"));
    server = programs.start({
      command: tools.nginx.path,
      args: ["-e", "/dev/stderr", "-c", join(folder, "nginx.conf")],
      env: {},
      log: join(folder, "nginx.log"),
    });
    await eventually("nginx is healthy", async () => (await get("/healthz")) === "ok\n", { program: server });
  });

  after(async () => {
    // Only an nginx that is asked to stop takes its worker with it.
    await server?.stop();
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  describe("while a camera sends", () => {
    let camera: RunningProgram;

    before(async () => {
      camera = programs.start({
        command: ffmpeg,
        args: [
          ...quiet,
          "-re",
          ...testPicture,
          "-t",
          "60",
          ...encoding,
          "-f",
          "flv",
          `${publishUrl}/${stream}`,
        ],
        env: {},
        log: join(folder, "camera.log"),
      });
      await eventually("the stream has arrived", async () => (await playable()).includes(stream), {
        program: camera,
      });
    });

    after(async () => {
      await camera.stop();
    });

    it("lets an endpoint of the cluster play the stream", async () => {
      const { stdout } = await execute(ffprobe, [...probing, `${playUrl}/${stream}`]);
      assert.match(stdout, /codec_name=h264/);
      assert.match(stdout, /width=320/);
    });

    it("lets nobody play where the world publishes", async () => {
      await assert.rejects(execute(ffprobe, [...probing, `${publishUrl}/${stream}`], { timeout: 10_000 }));
    });
  });

  it("forgets the stream when the camera stops", async () => {
    await eventually("the stream is gone", async () => !(await playable()).includes(stream));
  });

  async function get(path: string): Promise<string> {
    return fetch(`${statusUrl}${path}`).then(
      (answer) => answer.text(),
      () => "",
    );
  }

  /** The part of the statistics about the server that endpoints play from. */
  async function playable(): Promise<string> {
    return (await get("/statistics")).split("<server>").at(-1) ?? "";
  }
});

const quiet = ["-nostdin", "-loglevel", "error"];
const testPicture = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=10"];
const encoding = [
  "-c:v",
  "libx264",
  "-preset",
  "ultrafast",
  "-tune",
  "zerolatency",
  "-g",
  "10",
  "-pix_fmt",
  "yuv420p",
];
const probing = ["-loglevel", "error", "-show_entries", "stream=codec_name,width"];
