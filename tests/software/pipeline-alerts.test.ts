import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { dump } from "js-yaml";
import { z } from "zod";
import { rereadsFiles } from "../../components/backend/prometheus/prometheus";
import { stableYaml } from "../../components/workload/stable-text";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { pipelineRuleFile } from "../../pipelines/observability/pipeline-alerts";
import { expressionsOf } from "../model/observability-under-test";
import { freePort } from "./free-port";
import { pipelineRuleTests, watchedPlans } from "./pipeline-rule-tests";
import { eventually, ProcessGroup } from "./process-group";

const execute = promisify(execFile);

const rulesSchema = z.object({
  data: z.object({
    groups: z.array(z.object({ name: z.string(), rules: z.array(z.object({ health: z.string() })) })),
  }),
});

describe("the alert rules of pipelines, in the real Prometheus", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-pipeline-alerts-"));
  const mounted = join(folder, "mounted");
  const programs = new ProcessGroup();
  let promtool = "";
  let url = "";

  before(async function () {
    this.timeout(600_000);
    const tools = await resolveTools(["prometheus", "promtool"]);
    promtool = tools.promtool.path;
    for (const plan of watchedPlans) writeFileSync(ruleFile(plan), rulesOf(plan));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    mkdirSync(mounted);
    mount({});
    writeFileSync(
      join(folder, "prometheus.yml"),
      stableYaml({
        rule_files: [join(mounted, "*.yml")],
        scrape_configs: [{ job_name: "prometheus", static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
      }),
    );
    const program = programs.start({
      command: tools.prometheus.path,
      args: [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        rereadsFiles,
        "--config.auto-reload-interval=1s",
      ],
      env: {},
      log: join(folder, "log"),
    });
    const isReady = (): Promise<boolean> =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually("Prometheus is ready", isReady, { program });
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  it("are accepted by promtool, and it has nothing to find fault with", async () => {
    for (const plan of watchedPlans) {
      await execute(promtool, ["check", "rules", "--lint=all", "--lint-fatal", ruleFile(plan)]);
    }
  });

  it("fire when they should, and stay silent when they should not", async () => {
    for (const [deployment, tests] of Object.entries(pipelineRuleTests(ruleFile))) {
      const file = join(folder, `${deployment}.tests.yml`);
      writeFileSync(file, dump(tests));
      await execute(promtool, ["test", "rules", file]).catch((error: unknown) => {
        const said = z.object({ stdout: z.string(), stderr: z.string() }).parse(error);
        assert.fail(`${deployment}:\n${said.stdout}${said.stderr}`);
      });
    }
  });

  it("are understood, and so is every query of every dashboard", async () => {
    for (const plan of watchedPlans) {
      for (const expression of expressionsOf(plan)) {
        const query = expression.replaceAll("$__rate_interval", "1m");
        const answer = await fetch(`${url}/api/v1/query`, {
          method: "POST",
          body: new URLSearchParams({ query }),
        });
        assert.ok(answer.ok, `${plan.id}: ${query}: ${await answer.text()}`);
      }
    }
  });

  it("come and go while it runs, as Kubernetes changes a volume", async () => {
    const [one, other] = watchedPlans;
    assert.ok(one && other);
    assert.deepEqual(await loaded(), []);
    mount({ "one.yml": rulesOf(one) });
    await eventually("the first pipeline's rules are there", async () => (await loaded()).length === 1);
    mount({ "one.yml": rulesOf(one), "other.yml": rulesOf(other) });
    await eventually("the second pipeline's rules are there", async () => (await loaded()).length === 2);
    mount({ "other.yml": rulesOf(other) });
    await eventually("the first pipeline's rules have gone", async () => (await loaded()).length === 1);
    assert.deepEqual(await loaded(), [`algorun-pipeline-${other.id}`]);
  });

  it("do no harm to the others when one file is broken, and Prometheus says so", async () => {
    const [one] = watchedPlans;
    assert.ok(one);
    mount({ "one.yml": rulesOf(one) });
    await eventually("the rules are there", async () => (await loaded())[0] === `algorun-pipeline-${one.id}`);
    mount({
      "one.yml": rulesOf(one),
      "broken.yml": "groups: [{ name: broken, rules: [{ alert: A, expr: '(' }] }]",
    });
    await eventually("the alert's metric says that it failed", async () => {
      const text = await fetch(`${url}/metrics`).then((answer) => answer.text());
      return text.includes("\nprometheus_config_last_reload_successful 0");
    });
    assert.deepEqual(await loaded(), [`algorun-pipeline-${one.id}`]);
  });

  function ruleFile({ id }: PipelinePlan): string {
    return join(folder, `${id}.yml`);
  }

  async function loaded(): Promise<readonly string[]> {
    const answer = await fetch(`${url}/api/v1/rules`);
    return rulesSchema.parse(await answer.json()).data.groups.map(({ name }) => name);
  }

  let generation = 0;
  /** Puts files where a kubelet would: in a folder of their own, to which one link is turned at once. */
  function mount(files: Readonly<Record<string, string>>): void {
    const data = `..generation-${++generation}`;
    mkdirSync(join(mounted, data));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(mounted, data, name), content);
    symlinkSync(data, join(mounted, "..data_tmp"));
    renameSync(join(mounted, "..data_tmp"), join(mounted, "..data"));
    for (const name of ["one.yml", "other.yml", "broken.yml"]) {
      rmSync(join(mounted, name), { force: true });
      if (name in files) symlinkSync(join("..data", name), join(mounted, name));
    }
  }
});

function rulesOf(plan: PipelinePlan): string {
  return stableYaml(pipelineRuleFile(plan));
}
