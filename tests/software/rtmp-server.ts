import { execFile } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { renderNginxRtmpConfig, type NginxRtmpConfig } from "../../components/ingress/nginx-rtmp-config";
import {
  renderStreamKeyCheckConfig,
  renderStreamKeyScript,
  streamKeyScript,
} from "../../components/ingress/stream-key-check-config";
import { resolveTools } from "../../local/toolchain/toolchain";
import { freePort } from "./free-port";
import { eventually, ProcessGroup, type RunningProgram } from "./process-group";
import { unprivileged } from "./unprivileged";

const execute = promisify(execFile);

/** Debian has the RTMP module as a file; the image has it built in. */
const rtmpModule = "/usr/lib/nginx/modules/ngx_rtmp_module.so";

const quiet = ["-nostdin", "-loglevel", "error"];
const testPicture = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=10"];
const encoding = "-c:v libx264 -preset ultrafast -tune zerolatency -g 10 -pix_fmt yuv420p -f flv".split(" ");
const probing = ["-loglevel", "error", "-show_entries", "stream=codec_name,width"];

/** Both programs of the RTMP server's pod with their rendered configuration, on ports of the loopback address. */
export class RtmpServer {
  private readonly folder = mkdtempSync(join(tmpdir(), "algorun-nginx-rtmp-"));
  private readonly programs = new ProcessGroup();
  private tools = { nginx: "", ffmpeg: "" };
  private ports = { publish: 0, play: 0, status: 0, keyCheck: 0 };
  private started: RunningProgram[] = [];
  private keyCheck: RunningProgram | undefined;
  private cameras = 0;

  /** @param secret - what stream keys are derived from */
  constructor(
    private readonly secret: string,
    private readonly changes: Partial<NginxRtmpConfig> = {},
  ) {}

  async start(): Promise<void> {
    chownSync(this.folder, unprivileged.uid, unprivileged.gid);
    const tools = await resolveTools(["nginx", "ffmpeg"]);
    this.tools = { nginx: tools.nginx.path, ffmpeg: tools.ffmpeg.path };
    const [publish = 0, play = 0, status = 0, keyCheck = 0] = await Promise.all(
      Array.from({ length: 4 }, freePort),
    );
    this.ports = { publish, play, status, keyCheck };
    const config = renderNginxRtmpConfig({
      publishPort: publish,
      playPort: play,
      statusPort: status,
      keyCheckPort: keyCheck,
      workFolder: this.folder,
      modules: [rtmpModule],
      ...this.changes,
    });
    await this.startKeyCheck(this.secret);
    this.started.push(await this.startNginx("rtmp", config, status));
  }

  async stop(): Promise<void> {
    // Only an nginx that is asked to stop takes its worker with it.
    for (const program of this.started) await program.stop();
    await this.stopKeyCheck();
    await this.programs.stopAll();
    rmSync(this.folder, { recursive: true });
  }

  /** Starts the program that checks keys, with a secret and perhaps the one before. */
  async startKeyCheck(secret: string, previous?: string): Promise<void> {
    const { keyCheck: port } = this.ports;
    const files = [secret, ...(previous === undefined ? [] : [previous])].map((content, index) =>
      this.write(`secret-${index}`, content),
    );
    this.write(streamKeyScript, renderStreamKeyScript(files[0] ?? "", files[1]));
    const keys = { port, scriptFolder: this.folder, workFolder: this.folder };
    this.keyCheck = await this.startNginx("keys", renderStreamKeyCheckConfig(keys), port);
  }

  /** Ends the program that checks keys, and nothing else. */
  async stopKeyCheck(): Promise<void> {
    await this.keyCheck?.stop();
  }

  /** Starts a camera that sends for a minute. */
  send(streamKey: string): RunningProgram {
    this.cameras += 1;
    return this.programs.start({
      command: this.tools.ffmpeg,
      args: [...quiet, "-re", ...testPicture, "-t", "60", ...encoding, this.publishUrl(streamKey)],
      env: {},
      log: join(this.folder, `camera-${this.cameras}.log`),
    });
  }

  /** Waits until a camera's stream can be played; fails when the camera gives up. */
  async arrives(stream: string, camera: RunningProgram): Promise<void> {
    await eventually(`${stream} can be played`, async () => (await this.playable()).includes(stream), {
      program: camera,
    });
  }

  /** Waits until a camera has given up because it was refused or cut off. */
  async isRefused(camera: RunningProgram): Promise<void> {
    await eventually("the camera is refused", () => camera.ended());
  }

  /** Plays a stream for a moment, and tells what is in it. */
  async play(streamKey: string): Promise<string> {
    return this.probe(`${this.playAddress}/${streamKey}`);
  }

  /** Tries to play a stream where the world publishes. */
  async playOutside(streamKey: string): Promise<string> {
    return this.probe(this.publishUrl(streamKey));
  }

  /** Names of the streams that endpoints can play now. */
  async playable(): Promise<readonly string[]> {
    const statistics = (await this.get("/statistics")).split("<server>").at(-1) ?? "";
    return [...statistics.matchAll(/<stream>\s*<name>([^<]*)<\/name>/g)].map(([, name = ""]) => name);
  }

  /** Where endpoints play streams, with the application. */
  get playAddress(): string {
    return `rtmp://127.0.0.1:${this.ports.play}/live`;
  }

  private publishUrl(streamKey: string): string {
    return `rtmp://127.0.0.1:${this.ports.publish}/live/${streamKey}`;
  }

  private async probe(url: string): Promise<string> {
    const ffprobe = this.tools.ffmpeg.replace(/ffmpeg$/, "ffprobe");
    return (await execute(ffprobe, [...probing, url], { timeout: 10_000 })).stdout;
  }

  private async startNginx(name: string, config: string, port: number): Promise<RunningProgram> {
    const file = this.write(`${name}.conf`, config.replaceAll("listen ", "listen 127.0.0.1:"));
    const program = this.programs.start({
      command: this.tools.nginx,
      args: ["-e", "/dev/stderr", "-c", file],
      env: {},
      identity: unprivileged,
      log: join(this.folder, `${name}.log`),
    });
    const isHealthy = async (): Promise<boolean> => (await this.get("/healthz", port)) === "ok\n";
    await eventually(`nginx of ${name} is healthy`, isHealthy, { program });
    return program;
  }

  private write(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  private async get(path: string, port = this.ports.status): Promise<string> {
    return fetch(`http://127.0.0.1:${port}${path}`).then(
      (answer) => answer.text(),
      () => "",
    );
  }
}
