import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { renderAlertmanagerConfig } from "../../components/backend/alertmanager/alertmanager-config";
import { resolveTools } from "../../local/toolchain/toolchain";
import { freePort } from "./free-port";
import { eventually, ProcessGroup } from "./process-group";

const execute = promisify(execFile);

describe("Alertmanager with the rendered configuration", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-alertmanager-"));
  const programs = new ProcessGroup();
  const received: string[] = [];
  let amtool = "";
  let url = "";
  let receiver: Server | undefined;

  before(async () => {
    const tools = await resolveTools(["alertmanager", "amtool"]);
    amtool = tools.amtool.path;
    const hook = await freePort();
    receiver = createServer((request, response) => {
      void text(request).then((body) => {
        received.push(body);
        response.end();
      });
    }).listen(hook, "127.0.0.1");
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    // Grouping waits half a minute for company in production; here the first alert is all there is.
    const config = renderAlertmanagerConfig({ webhookUrl: `http://127.0.0.1:${hook}/alerts` });
    writeFileSync(join(folder, "alertmanager.yml"), config.replace("group_wait: 30s", "group_wait: 0s"));
    const program = programs.start({
      command: tools.alertmanager.path,
      args: [
        `--config.file=${join(folder, "alertmanager.yml")}`,
        `--storage.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ],
      env: {},
      log: join(folder, "log"),
    });
    const ready = async (): Promise<boolean> =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually("Alertmanager is ready", ready, { program });
  });

  after(async () => {
    await programs.stopAll();
    receiver?.close();
    rmSync(folder, { recursive: true });
  });

  it("is accepted by amtool with and without a receiver", async () => {
    await execute(amtool, ["check-config", join(folder, "alertmanager.yml")]);
    const quiet = join(folder, "quiet.yml");
    writeFileSync(quiet, renderAlertmanagerConfig({ webhookUrl: undefined }));
    const { stdout } = await execute(amtool, ["check-config", quiet]);
    assert.match(stdout, /1 receivers/);
  });

  it("posts a critical alert to the webhook, and holds back a warning of the same deployment", async () => {
    // An alert is held back by those that are known when its turn comes, so the critical one is there first.
    await post("critical");
    await eventually("the critical alert is posted to the webhook", () =>
      received.join().includes("Test-critical"),
    );
    await post("warning");
    const inhibited = async (): Promise<boolean> => {
      const query = [`--alertmanager.url=${url}`, "alert", "query", "--inhibited"];
      return (await execute(amtool, query)).stdout.includes("Test-warning");
    };
    await eventually("the warning is held back", inhibited);
    assert.doesNotMatch(received.join("\n"), /Test-warning/);
  });

  async function post(severity: string): Promise<void> {
    const labels = { alertname: `Test-${severity}`, severity, deployment: "shop.orders" };
    const answer = await fetch(`${url}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ labels, annotations: { summary: "a test" } }]),
    });
    assert.equal(answer.status, 200);
  }
});
