import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { recordingRules, renderRules } from "../../components/backend/prometheus/rules";
import { renderScrapeConfig, scrapeAnnotations } from "../../components/backend/prometheus/scrape-config";
import { renderDashboard } from "../../pipelines/observability/dashboard";
import { dashboards } from "../../components/frontend/grafana/dashboards";
import { resolveTools } from "../../local/toolchain/toolchain";
import { isMetricName } from "../../pipelines/observability/metric-names";
import { metricsIn } from "../model/promql-parts";
import { freePort } from "./free-port";
import { platformAlertRules, ruleTests } from "./prometheus-rule-tests";
import { eventually, ProcessGroup } from "./process-group";

const execute = promisify(execFile);

const answerSchema = z.object({
  status: z.string(),
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()) })),
  }),
});

describe("Prometheus with the rendered configuration", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-prometheus-"));
  const programs = new ProcessGroup();
  const servers: Server[] = [];
  let promtool = "";
  let url = "";

  before(async () => {
    const tools = await resolveTools(["prometheus", "promtool"]);
    promtool = tools.promtool.path;
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    writeFileSync(join(folder, "rules.yml"), renderRules(recordingRules, platformAlertRules));
    const config = renderScrapeConfig({
      alertmanagers: ["127.0.0.1:1"],
      ruleFiles: [join(folder, "*rules.yml")],
      self: `127.0.0.1:${port}`,
      kubeconfigFile: await startCluster(),
    });
    writeFileSync(join(folder, "prometheus.yml"), config);
    const program = programs.start({
      command: tools.prometheus.path,
      args: [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      env: {},
      log: join(folder, "log"),
    });
    await eventually("Prometheus is ready", isReady, { program });
  });

  after(async () => {
    await programs.stopAll();
    for (const server of servers) server.closeAllConnections();
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  it("is accepted by promtool together with its rules", async () => {
    const [config, token] = [join(folder, "with-kubelets.yml"), join(folder, "token")];
    writeFileSync(token, "token");
    const ruleFiles = [join(folder, "*rules.yml")];
    writeFileSync(
      config,
      renderScrapeConfig({ alertmanagers: ["127.0.0.1:1"], ruleFiles, kubeletTokenFile: token }),
    );
    await execute(promtool, ["check", "config", "--lint=all", "--lint-fatal", config]);
    await execute(promtool, ["check", "rules", "--lint=all", "--lint-fatal", join(folder, "rules.yml")]);
  });

  it("fires each alert when it should, and stays silent when it should not", async () => {
    writeFileSync(join(folder, "tests.yml"), ruleTests(join(folder, "rules.yml")));
    await execute(promtool, ["test", "rules", join(folder, "tests.yml")]);
  });

  it("scrapes a pod that asks for it, once, under its own name, and no other pod", async () => {
    const seen = async (): Promise<Record<string, string>[]> => {
      const { data } = await query('up{job="pods"}');
      return data.result.map(({ metric }) => metric);
    };
    await eventually("a pod is scraped", async () => (await seen()).length > 0);
    const [target, ...others] = await seen();
    assert.deepEqual(others, []);
    assert.equal(target?.["namespace"], "shop");
    assert.equal(target["pod"], "algo-0");
    assert.equal(target["app"], "runner");
    await eventually("its metrics arrive", async () => {
      const { data } = await query("algorunner_retry_total");
      return data.result.length === 1;
    });
  });

  it("understands every query of every dashboard", async () => {
    for (const [title, expression] of dashboardQueries()) {
      const concrete = expression
        .replaceAll("$__rate_interval", "1m")
        .replaceAll("$deployment", ".*")
        .replaceAll("$name", ".*");
      const { status } = await query(concrete);
      assert.equal(status, "success", `${title}: ${expression}`);
    }
  });

  it("asks only for metrics that exist", () => {
    const recorded: readonly string[] = recordingRules.map(({ record }) => record);
    const expressions = [
      ...dashboardQueries().map(([, expression]) => expression),
      ...platformAlertRules.map(({ expr }) => expr),
      ...recordingRules.map(({ expr }) => expr),
    ];
    const asked = expressions.flatMap((expression) => {
      const names = metricsIn(expression);
      assert.ok(names.length > 0, expression);
      return names;
    });
    assert.deepEqual(
      asked.filter((name) => !isMetricName(name) && !recorded.includes(name)),
      [],
    );
  });

  async function isReady(): Promise<boolean> {
    return fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async function query(expression: string): Promise<z.infer<typeof answerSchema>> {
    const answer = await fetch(`${url}/api/v1/query`, {
      method: "POST",
      body: new URLSearchParams({ query: expression }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${expression}: ${text}`);
    return answerSchema.parse(JSON.parse(text));
  }

  /** An API server with three pods, of which one asks to be scraped; gives the kubeconfig to reach it with. */
  async function startCluster(): Promise<string> {
    const metrics = await listen((_path, reply) => {
      reply("text/plain", 'algorunner_retry_total{deployment="shop.orders"} 3\n');
    });
    const asking = pod("algo-0", scrapeAnnotations(metrics, "/metrics"), "Running");
    const silent = pod("algo-1", {}, "Running");
    const ended = pod("job-0", scrapeAnnotations(metrics, "/metrics"), "Succeeded");
    const pods = [asking, silent, ended];
    const api = await listen((path, reply) => {
      if (path.includes("sendInitialEvents=true")) reply("application/json", initialEvents(pods), true);
      else if (path.includes("watch=")) reply("application/json", "", true);
      else reply("application/json", JSON.stringify({ ...podList, items: pods }));
    });
    const file = join(folder, "kubeconfig.json");
    const kubeconfig = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${api}` } }],
      users: [{ name: "test", user: {} }],
    };
    writeFileSync(file, JSON.stringify(kubeconfig));
    return file;
  }

  async function listen(
    answer: (path: string, reply: (type: string, body: string, open?: boolean) => void) => void,
  ): Promise<number> {
    const server = createServer((request, response) => {
      answer(request.url ?? "", (type, body, open = false) => {
        response.writeHead(200, { "content-type": type }).write(body);
        if (!open) response.end();
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return portOf(server.address());
  }
});

const podList = { kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "1" } };

/** What a watch begins with when the client asks for the state so far: each pod, and a mark of the end. */
function initialEvents(pods: readonly object[]): string {
  const end = {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { resourceVersion: "1", annotations: { "k8s.io/initial-events-end": "true" } },
  };
  const events = [...pods.map((object) => ({ type: "ADDED", object })), { type: "BOOKMARK", object: end }];
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string")
    throw new Error("the server does not listen on a port");
  return address.port;
}

/** Two ports are declared, as a runner beside an algo does: discovery makes two targets of it. */
function pod(name: string, annotations: Readonly<Record<string, string>>, phase: string): object {
  return {
    metadata: {
      name,
      namespace: "shop",
      annotations,
      labels: { "app.kubernetes.io/name": "runner" },
      uid: name,
    },
    spec: {
      containers: [
        { name: "algo", image: "algo:1", ports: [{ name: "http", containerPort: 8080 }] },
        { name: "runner", image: "runner:1", ports: [{ name: "metrics", containerPort: 10080 }] },
      ],
    },
    status: { phase, podIP: "127.0.0.1", hostIP: "127.0.0.1" },
  };
}

/** Title and expression of all queries. */
function dashboardQueries(): [string, string][] {
  const schema = z.object({
    panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
  });
  return dashboards.flatMap((dashboard) =>
    schema
      .parse(renderDashboard(dashboard))
      .panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
  );
}
