import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { z } from "zod";
import type { Environment } from "../../local/environment";
import { project } from "../../local/layout";
import { askPulumi, recordAtEnd, relocatedSettings, selectStack, type Stack } from "../../local/stack/stack";
import {
  startTemporaryEnvironment,
  type TemporaryEnvironment,
} from "../../tests/engine/temporary-environment";
import { exportedResources, type ExportedResource } from "./exported-resources";
import { measuredRun, type RunFigures } from "./measured-run";

const settingsSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).default({}) });

/** Operations at a time, as `make up` has them. */
const parallel = "64";
const flatProgram = join(__dirname, "flat");

type Settings = Readonly<Record<string, unknown>>;
type ConfiguredStack = Stack & { readonly configFile: string };

/** An embedded environment of its own, for measures. */
export class MeasuredEnvironment {
  private constructor(private readonly temporary: TemporaryEnvironment) {}

  static async start(): Promise<MeasuredEnvironment> {
    return new MeasuredEnvironment(await startTemporaryEnvironment("bench"));
  }

  get folder(): string {
    return this.temporary.folder;
  }

  get environment(): Environment {
    return this.temporary.environment;
  }

  /**
   * The stack dev, with other documents.
   *
   * @param settings - further ones, by key with the project's prefix
   */
  async stackOf(documents: string, settings: Settings = {}): Promise<MeasuredStack> {
    const { layout, pulumi } = this.environment;
    const stack = { layout, pulumi, project, name: "dev" };
    const configFile = relocatedSettings(layout, join(project, "Pulumi.dev.yaml"), "dev");
    await selectStack(stack);
    return configured(
      { ...stack, configFile },
      // One of the examples scales by lag; nobody here measures it.
      { "algorun:documents": [documents], "algorun:consumerLag": { source: "metric" }, ...settings },
    );
  }

  /**
   * A stack of pipelines on the platform of the stack dev.
   *
   * @param include - names of their deployments
   */
  async pipelineStack(name: string, documents: string, include: readonly string[]): Promise<MeasuredStack> {
    const { layout } = this.environment;
    return configured(await this.ownStack(name, project), {
      "algorun:environment": "dev",
      "algorun:connections": layout.environmentFile,
      "algorun:documents": [documents],
      "algorun:include": include,
      "algorun:platformStack": "dev",
    });
  }

  /** A stack with the same resources and no components. */
  async flatStack(resources: readonly ExportedResource[]): Promise<MeasuredStack> {
    const list = join(this.folder, "resources.json");
    writeFileSync(list, JSON.stringify(resources), { mode: 0o600 });
    return configured(await this.ownStack("flat", flatProgram), {
      "flat:connections": this.environment.layout.environmentFile,
      "flat:resources": list,
    });
  }

  /** A new stack's key is written beside its project, which is no place for it. */
  private async ownStack(name: string, of: string): Promise<ConfiguredStack> {
    const { layout, pulumi } = this.environment;
    const own = join(this.folder, name);
    mkdirSync(own);
    cpSync(join(of, "Pulumi.yaml"), join(own, "Pulumi.yaml"));
    await selectStack({ layout, pulumi, project: own, name });
    return { layout, pulumi, project: of, name, configFile: join(own, `Pulumi.${name}.yaml`) };
  }

  async stop(): Promise<void> {
    await this.temporary.stop();
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
    // As `make up` does it.
    const env = { ...this.variables, ...recordAtEnd };
    return measuredRun({ program: pulumi, args, cwd: stack.project, env });
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

function configured(stack: ConfiguredStack, values: Settings): MeasuredStack {
  const settings = settingsSchema.parse(load(readFileSync(stack.configFile, "utf8")) ?? {});
  writeFileSync(stack.configFile, dump({ ...settings, config: { ...settings.config, ...values } }));
  return new MeasuredStack(stack);
}
