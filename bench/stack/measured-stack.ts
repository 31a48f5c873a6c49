import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { z } from "zod";
import { startEnvironment, stopEnvironment, type Environment } from "../../local/environment";
import { project } from "../../local/layout";
import { askPulumi, relocatedSettings, selectStack, type Stack } from "../../local/stack/stack";
import { exportedResources, type ExportedResource } from "./exported-resources";
import { measuredRun, type RunFigures } from "./measured-run";

const settingsSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).default({}) });

/** Operations at a time, as `make up` has them. */
const parallel = "64";
const flatProgram = join(__dirname, "flat");

/** An embedded environment of its own, for measures. */
export class MeasuredEnvironment {
  private constructor(
    readonly folder: string,
    readonly environment: Environment,
  ) {}

  static async start(): Promise<MeasuredEnvironment> {
    const folder = mkdtempSync(join(tmpdir(), "algorun-bench-"));
    return new MeasuredEnvironment(folder, await startEnvironment({ directory: join(folder, "local") }));
  }

  /** The stack dev, with other documents. */
  async stackOf(documents: string): Promise<MeasuredStack> {
    const { layout, pulumi } = this.environment;
    const stack = { layout, pulumi, project, name: "dev" };
    const configFile = relocatedSettings(layout, join(project, "Pulumi.dev.yaml"), "dev");
    await selectStack(stack);
    return configured({ ...stack, configFile }, { "algorun:documents": [documents] });
  }

  /** A stack with the same resources and no components. */
  async flatStack(resources: readonly ExportedResource[]): Promise<MeasuredStack> {
    const { layout, pulumi } = this.environment;
    // A new stack's key is written beside its project, which is no place for it.
    const own = join(this.folder, "flat");
    mkdirSync(own);
    cpSync(join(flatProgram, "Pulumi.yaml"), join(own, "Pulumi.yaml"));
    await selectStack({ layout, pulumi, project: own, name: "flat" });
    const list = join(this.folder, "resources.json");
    writeFileSync(list, JSON.stringify(resources), { mode: 0o600 });
    const stack = {
      layout,
      pulumi,
      project: flatProgram,
      name: "flat",
      configFile: join(own, "Pulumi.flat.yaml"),
    };
    return configured(stack, { "flat:connections": layout.environmentFile, "flat:resources": list });
  }

  async stop(): Promise<void> {
    await stopEnvironment({ directory: this.environment.layout.directory });
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get variables(): NodeJS.ProcessEnv {
    return this.environment.variables;
  }

  /** Runs a command of the engine on a stack. */
  async run({ stack }: MeasuredStack, command: "preview" | "up" | "destroy"): Promise<RunFigures> {
    const { name, pulumi, configFile = "" } = stack;
    const now = command === "preview" ? [] : ["--yes", "--skip-preview"];
    const quiet = ["--suppress-progress", "--suppress-outputs", "--non-interactive", "--color=never"];
    const args = [
      command,
      ...now,
      "--parallel",
      parallel,
      ...quiet,
      "--stack",
      name,
      "--config-file",
      configFile,
    ];
    return measuredRun({ program: pulumi, args, cwd: stack.project, env: this.variables });
  }
}

/** A stack that is measured. */
export class MeasuredStack {
  constructor(readonly stack: Stack) {}

  /** What its providers have made. */
  async resources(): Promise<readonly ExportedResource[]> {
    const args = ["stack", "export", "--show-secrets", "--stack", this.stack.name];
    return exportedResources(await askPulumi(this.stack, args));
  }
}

function configured(
  stack: Stack & { readonly configFile: string },
  values: Readonly<Record<string, unknown>>,
): MeasuredStack {
  const settings = settingsSchema.parse(load(readFileSync(stack.configFile, "utf8")) ?? {});
  writeFileSync(stack.configFile, dump({ ...settings, config: { ...settings.config, ...values } }));
  return new MeasuredStack(stack);
}
