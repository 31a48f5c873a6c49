import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, delimiter, join } from "node:path";
import { z } from "zod";
import { preparePulumiHome } from "../../local/toolchain/pulumi-home";
import { resolveTools } from "../../local/toolchain/toolchain";
import { shopProgram, shopProject } from "./policy-program";

const checkout = join(__dirname, "../..");

const stackState = z.object({
  deployment: z.object({ resources: z.array(z.object({ urn: z.string() })).default([]) }),
});

describe("the policy pack on the pulumi CLI", function () {
  this.timeout(600_000);
  const root = mkdtempSync(join(tmpdir(), "policy-"));
  const directory = join(root, "project");
  const home = join(root, "home");
  let cli = "pulumi";

  before(async function () {
    this.timeout(0);
    const tools = await resolveTools(["pulumi", "kubernetes-provider", "kafka-provider", "random-provider"]);
    cli = tools.pulumi.path;
    await preparePulumiHome(home, tools);
    mkdirSync(join(directory, "state"), { recursive: true });
    symlinkSync(join(checkout, "node_modules"), join(directory, "node_modules"));
    writeFileSync(join(directory, "Pulumi.yaml"), shopProject);
    writeFileSync(
      join(directory, "package.json"),
      JSON.stringify({ name: "shop", main: "index.ts", type: "commonjs" }),
    );
    writeFileSync(join(directory, "index.ts"), shopProgram);
  });
  after(() => {
    rmSync(root, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<{ code: number | string; output: string }> {
    const env = {
      ...process.env,
      PATH: [dirname(cli), process.env["PATH"]].join(delimiter),
      PULUMI_HOME: home,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    return await new Promise((resolve) => {
      execFile(
        cli,
        [...args, "--non-interactive", "--color", "never"],
        { cwd: directory, env },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? 1), output: stdout + stderr });
        },
      );
    });
  }

  /** Changes or previews a stack under the pack. */
  async function judged(
    command: "up" | "preview",
    ...args: string[]
  ): Promise<{ code: number | string; output: string }> {
    const confirmed = command === "up" ? ["--yes"] : [];
    return run(command, ...confirmed, "--policy-pack", join(checkout, "policies"), ...args);
  }

  async function newStack(name: string, config: Readonly<Record<string, string>>): Promise<void> {
    rmSync(join(directory, "rendered"), { recursive: true, force: true });
    const lines = Object.entries(config).map(([key, value]) => `  algorun:${key}: ${value}\n`);
    writeFileSync(join(directory, `Pulumi.${name}.yaml`), ["config:\n", ...lines].join(""));
    equal((await run("stack", "init", name)).code, 0);
  }

  async function resources(): Promise<string[]> {
    const { deployment } = stackState.parse(JSON.parse((await run("stack", "export")).output));
    return deployment.resources.map(({ urn }) => urn.split("::").slice(2).join(" "));
  }

  function rendered(): string[] {
    const folder = join(directory, "rendered");
    return existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"))
      : [];
  }

  it("stops an update in prod before anything is changed, and says what to edit", async () => {
    await newStack("strict", { environment: "prod", image: "algohub/shop:latest" });
    const { code, output } = await judged("up");
    equal(code, 1);
    match(
      output,
      /\[mandatory\] \[severity: high\] {2}pinned-images {2}\(kubernetes:apps\/v1:Deployment: shop\)/,
    );
    doesNotMatch(output, /can't run policy/);
    match(output, /Found: container "shop" runs "algohub\/shop:latest", and the tag latest moves/);
    match(output, /Where: Deployment shop\/shop, spec\.template\.spec\.containers\[0\]\.image/);
    match(output, /Edit: {2}PipelineDeployment local\.shop/);
    deepEqual(rendered(), []);
    deepEqual(await resources(), []);
  });

  it("only advises in dev", async () => {
    await newStack("loose", { environment: "dev", image: "algohub/shop:latest" });
    const { code, output } = await judged("up");
    equal(code, 0, output);
    match(output, /\[advisory\] \[severity: high\] {2}pinned-images/);
    equal(rendered().length, 7);
  });

  it("stops an update that only the whole stack shows to be wrong, before anything is changed", async () => {
    await newStack("open", { environment: "prod", image: "algohub/shop:1.4.2", open: "true" });
    const { code, output } = await judged("up");
    equal(code, 1);
    match(output, /\[mandatory\] \[severity: high\] {2}default-deny/);
    match(output, /\[mandatory\].* {2}encrypted-kafka {2}\(pulumi:providers:kafka: kafka\)/);
    match(output, /Edit: {2}algorun:kafka in the stack's config/);
    match(output, /Found: no network policy of the namespace shop denies all Ingress and Egress\./);
    deepEqual(rendered(), []);
    deepEqual(await resources(), []);
  });

  it("lets an exception of the configuration pass, tells of it, and stops the update when it has ended", async () => {
    await newStack("excused", { environment: "prod", image: "algohub/shop:latest" });
    const reason = "the vendor publishes no versions";
    const configuration = join(root, "exceptions.json");
    const except = (until: string): void => {
      const exceptions = [{ resource: "Deployment shop/*", reason, until }];
      writeFileSync(configuration, JSON.stringify({ "pinned-images": { exceptions } }));
    };
    except("9999-12-31");
    const excused = await judged("up", "--policy-pack-config", configuration);
    equal(excused.code, 0, excused.output);
    match(excused.output, /\[advisory\].* {2}pinned-images/);
    match(excused.output, /Excused until 9999-12-31: the vendor publishes no versions/);
    match(excused.output, /By: {4}pinned-images\.exceptions\[0\] of --policy-pack-config/);
    except("2020-01-31");
    const ended = await judged("preview", "--policy-pack-config", configuration);
    equal(ended.code, 1);
    match(ended.output, /\[mandatory\] \[severity: high\] {2}pinned-images/);
    match(
      ended.output,
      /Note: {2}the exception by .* ended on 2020-01-31 \(the vendor publishes no versions\)/,
    );
    except("soon");
    const unusable = await judged("preview", "--policy-pack-config", configuration);
    equal(unusable.code, 1);
    match(unusable.output, /pinned-images\.exceptions\.0\.until: must be a day such as 2027-03-31/);
  });

  it("takes an exception from an annotation, and finds a typing error in one", async () => {
    const exempt = "9999-12-31: the vendor publishes no versions";
    const image = "algohub/shop:latest";
    await newStack("annotated", { environment: "prod", image, exempt: `"pinned-images ${exempt}"` });
    const excused = await judged("preview");
    equal(excused.code, 0, excused.output);
    match(excused.output, /By: {4}annotation exempt\.policy\.algo\.run\/pinned-images/);
    await newStack("mistyped", { environment: "prod", image, exempt: `"pined-images ${exempt}"` });
    const mistyped = await judged("preview");
    equal(mistyped.code, 1);
    match(mistyped.output, /dated-exceptions/);
    match(mistyped.output, /Found: there is no rule "pined-images" to be excused from/);
    match(mistyped.output, / {2}pinned-images {2}/);
  });

  it("repairs labels, seccomp profile and API token where the configuration asks for it", async () => {
    await newStack("bare", { environment: "prod", image: "algohub/shop:1.4.2", bare: "true" });
    equal((await judged("preview")).code, 1);
    const configuration = join(root, "repairs.json");
    writeFileSync(
      configuration,
      JSON.stringify({ "ownership-labels": "remediate", "restricted-pods": "remediate" }),
    );
    const { code, output } = await judged("up", "--policy-pack-config", configuration);
    equal(code, 0, output);
    const files = rendered().map((file) => readFileSync(join(directory, "rendered", file), "utf8"));
    for (const file of files) match(file, /app\.kubernetes\.io\/managed-by: pulumi/);
    const deployment = files.find((file) => file.includes("kind: Deployment")) ?? "";
    match(deployment, /automountServiceAccountToken: false/);
    match(deployment, /seccompProfile:\s+type: RuntimeDefault/);
    match(deployment, /value: welcome, all/);
    match(deployment, /example\.org\/visit: none/);
    const state = (await run("stack", "export")).output;
    doesNotMatch(state, /welcome, all/);
  });

  it("takes a stack that does not say what it is for prod, and follows the configuration of a user", async () => {
    await newStack("unnamed", { image: "algohub/shop:latest" });
    equal((await judged("preview")).code, 1);

    const configuration = join(root, "policies.json");
    writeFileSync(configuration, JSON.stringify({ "pinned-images": "advisory" }));
    equal((await judged("preview", "--policy-pack-config", configuration)).code, 0);

    writeFileSync(configuration, JSON.stringify({ "pinned-images": { movingTag: [] } }));
    const { code, output } = await judged("preview", "--policy-pack-config", configuration);
    equal(code, 1);
    match(output, /The configuration of policy pinned-images can't be used.*movingTag/);
    doesNotMatch(output, /\.ts:\d+/);
  });

  it("finds a generated password that a ConfigMap shows, as soon as it is known", async () => {
    await newStack("leaking", { environment: "prod", image: "algohub/shop:1.4.2", leak: "true" });
    const first = await judged("up");
    equal(first.code, 1, first.output);
    match(first.output, /Found: it holds the value of RandomPassword "visitor" in plain text/);
    const second = await judged("preview");
    equal(second.code, 1, second.output);
  });
});
