import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cronJobMetrics,
  kubeStateMetricsFlags,
} from "../../components/backend/kube-state-metrics/kube-state-metrics";
import { resolveTools } from "../../local/toolchain/toolchain";
import { freePort } from "./free-port";
import { eventually, ProcessGroup } from "./process-group";

const cronJobs = "/apis/batch/v1/namespaces/algorun/cronjobs";
const dumps = {
  apiVersion: "batch/v1",
  kind: "CronJobList",
  metadata: { resourceVersion: "1" },
  items: [
    {
      metadata: { name: "sql-backup", namespace: "algorun", uid: "1", resourceVersion: "1" },
      spec: { schedule: "17 2 * * *", timeZone: "Etc/UTC", suspend: false },
      status: { lastScheduleTime: "2026-11-25T02:17:00Z", lastSuccessfulTime: "2026-11-25T02:18:00Z" },
    },
  ],
};

describe("kube-state-metrics with the flags of its pod", function () {
  this.timeout(900_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "algorun-kube-state-metrics-"));
  const asked = new Set<string>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://api");
    asked.add(pathname);
    response.setHeader("content-type", "application/json");
    if (pathname === "/version") response.end(JSON.stringify({ gitVersion: "v1.34.4" }));
    else if (pathname !== cronJobs) response.writeHead(403).end("{}");
    else if (searchParams.has("watch")) response.flushHeaders();
    else response.end(JSON.stringify(dumps));
  });

  after(async () => {
    await group.stopAll();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("says of CronJobs what the alerts ask for, and asks for nothing but those of its namespace", async () => {
    const tools = await resolveTools(["kube-state-metrics"]);
    const [api, metrics, telemetry] = [await freePort(), await freePort(), await freePort()];
    await new Promise<void>((resolve) => server.listen(api, "127.0.0.1", resolve));
    const flags = kubeStateMetricsFlags().map((flag) =>
      flag
        .replace(/^--port=.*/, `--port=${metrics}`)
        .replace(/^--telemetry-port=.*/, `--telemetry-port=${telemetry}`),
    );
    const program = group.start({
      command: tools["kube-state-metrics"].path,
      args: [...flags, "--namespaces=algorun", `--apiserver=http://127.0.0.1:${api}`],
      env: {},
      log: join(folder, "log"),
    });
    const read = async (port: number, path: string): Promise<string> =>
      fetch(`http://127.0.0.1:${port}${path}`).then(
        async (answer) => (answer.ok ? answer.text() : ""),
        () => "",
      );
    await eventually(
      "it tells of the CronJob",
      async () => (await read(metrics, "/metrics")).includes('cronjob="sql-backup"'),
      { program },
    );
    const lines = (await read(metrics, "/metrics")).split("\n").filter((line) => /^[a-z]/.test(line));
    assert.deepEqual(lines.map((line) => line.replace(/\{.*/, "")).sort(), [...cronJobMetrics]);
    assert.notEqual(await read(metrics, "/healthz"), "");
    assert.notEqual(await read(telemetry, "/readyz"), "");
    assert.deepEqual([...asked].sort(), [cronJobs, "/version"]);
  });
});
