import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, delimiter, join } from "node:path";
import { z } from "zod";
import { preparePulumiHome } from "../../local/toolchain/pulumi-home";
import { resolveTools } from "../../local/toolchain/toolchain";

const checkout = join(__dirname, "../..");

const project = `
name: shop
runtime: { name: nodejs, options: { typescript: false, nodeargs: --import tsx } }
backend: { url: "file://./state" }
`;

/** Renders manifests into files, so that no cluster is needed. */
const program = `
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const config = new pulumi.Config("algorun");
const provider = new kubernetes.Provider("files", { renderYamlToDirectory: "rendered" });
const namespace = new kubernetes.core.v1.Namespace("shop", { metadata: { name: "shop" } }, { provider });
const password = new random.RandomPassword("visitor", { length: 24, special: false });
const labels = { app: "shop" };
new kubernetes.apps.v1.Deployment("shop", {
  metadata: { name: "shop", namespace: namespace.metadata.name, labels: { "algo.run/pipeline-deployment": "local.shop" } },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels, annotations: { "example.org/visit": password.id } },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [{
          name: "shop",
          image: config.require("image"),
          env: [{ name: "VISITOR", value: pulumi.interpolate\`visitor of \${namespace.metadata.uid}\` }],
          resources: {
            requests: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "1Gi" },
            limits: { cpu: "1", memory: "64Mi", "ephemeral-storage": "1Gi" },
          },
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        }],
      },
    },
  },
}, { provider });
new kubernetes.core.v1.ConfigMap("greeting", {
  metadata: { name: "greeting", namespace: "shop" },
  data: { greeting: config.getBoolean("leak") ? pulumi.unsecret(password.result) : "welcome" },
}, { provider });
`;

const stackState = z.object({
  deployment: z.object({ resources: z.array(z.object({ urn: z.string() })).default([]) }),
});

describe("the policy pack on the pulumi CLI", function () {
  this.timeout(120_000);
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
    writeFileSync(join(directory, "Pulumi.yaml"), project);
    writeFileSync(
      join(directory, "package.json"),
      JSON.stringify({ name: "shop", main: "index.ts", type: "commonjs" }),
    );
    writeFileSync(join(directory, "index.ts"), program);
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
    equal(rendered().length, 3);
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
