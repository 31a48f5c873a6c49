import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { z } from "zod";
import type { Connections } from "../../config/connections-schema";
import type { Environment } from "../../local/environment";
import { findings, processStatuses } from "../../local/status";
import { recordAtEnd, relocatedSettings, selectStack } from "../../local/stack/stack";
import { plannedSteps, type PlannedStep } from "./planned-steps";
import { execute, run, runInTime, type Run, type RunOptions } from "./program-run";
import { startTemporaryEnvironment, type TemporaryEnvironment } from "./temporary-environment";

const checkout = join(__dirname, "..", "..");

/** Samples of the original AlgoRun, where they lie beside the checkout. */
const originals = join(checkout, "..", "shared", "original");

const settingsSchema = z.looseObject({ config: z.record(z.string(), z.unknown()) });

const workloadSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({ replicas: z.number() }),
  status: z.object({ availableReplicas: z.number().default(0) }),
});

const remainingSchema = z.object({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    deletionTimestamp: z.string().optional(),
  }),
});

const secretSchema = z.object({ data: z.record(z.string(), z.string()) });

const saltSchema = z.object({ encryptionsalt: z.string() });

/** What an engine's environment is made for. */
export interface EngineOptions {
  /** The stack whose settings are used. @default "dev" */
  readonly stack?: string;
}

/** A stack with documents of its own, in an embedded environment of its own. */
export class EngineEnvironment {
  /** Folder of the documents, which tests may change. */
  readonly documents: string;
  private readonly configFile: string;

  private constructor(
    private readonly temporary: TemporaryEnvironment,
    readonly stack: string,
  ) {
    this.documents = join(temporary.folder, "documents");
    this.configFile = join(this.environment.layout.directory, `Pulumi.${stack}.yaml`);
  }

  get environment(): Environment {
    return this.temporary.environment;
  }

  /** Starts an environment and makes an empty stack in it. */
  static async start({ stack = "dev" }: EngineOptions = {}): Promise<EngineEnvironment> {
    const temporary = await startTemporaryEnvironment("engine");
    const started = new EngineEnvironment(temporary, stack);
    cpSync(join(checkout, "pipelines", "documents"), started.documents, { recursive: true });
    try {
      relocatedSettings(temporary.environment.layout, join(checkout, `Pulumi.${stack}.yaml`), stack);
      started.configure({ "algorun:documents": [started.documents] });
      await started.makeStack();
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /**
   * Makes another empty stack in the same environment, with the same documents.
   *
   * @param settings - by key, with the project's prefix
   */
  async addStack(stack: string, settings: Readonly<Record<string, unknown>>): Promise<EngineEnvironment> {
    const added = new EngineEnvironment(this.temporary, stack);
    const config = {
      "algorun:connections": this.environment.layout.environmentFile,
      "algorun:documents": [this.documents],
      ...settings,
    };
    writeFileSync(added.configFile, dump({ config }));
    await added.makeStack();
    return added;
  }

  /** Makes the stack where no settings lie that a new stack's key could be written to. */
  private async makeStack(): Promise<void> {
    const { layout, pulumi } = this.environment;
    if (this.stack === "dev") {
      await selectStack({ layout, pulumi, project: checkout, name: this.stack });
      return;
    }
    const project = join(this.temporary.folder, "project");
    mkdirSync(project, { recursive: true });
    cpSync(join(checkout, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    await execute(pulumi, ["stack", "init", this.stack, "--non-interactive"], this.options(project));
    const { encryptionsalt } = saltSchema.parse(
      load(readFileSync(join(project, `Pulumi.${this.stack}.yaml`), "utf8")),
    );
    const settings = settingsSchema.parse(load(readFileSync(this.configFile, "utf8")));
    writeFileSync(this.configFile, dump({ encryptionsalt, config: settings.config }));
    // The embedded cluster is not the one that the stack's settings name.
    this.configure({ "algorun:kubernetes": {} });
  }

  /** Has the stack administer another Kafka than the environment's own. */
  useKafka(kafka: Connections["kafka"]): void {
    const content = JSON.stringify({ ...this.environment.connections, kafka });
    this.configure({ "algorun:connections": this.file("connections.json", content) });
  }

  /** Writes a file that goes with the environment; gives its path. */
  file(name: string, content: string): string {
    const path = join(this.temporary.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Ends all processes and removes everything. */
  async stop(): Promise<void> {
    await this.temporary.stop();
  }

  /** Sets config keys of the stack. */
  configure(values: Readonly<Record<string, unknown>>): void {
    const settings = settingsSchema.parse(load(readFileSync(this.configFile, "utf8")));
    writeFileSync(this.configFile, dump({ ...settings, config: { ...settings.config, ...values } }));
  }

  /** The value of a config key of the stack. */
  configured(key: string): unknown {
    return settingsSchema.parse(load(readFileSync(this.configFile, "utf8"))).config[key];
  }

  /** Puts the samples of the original among the documents, unchanged; does nothing where there are none. */
  addOriginals(): void {
    if (!existsSync(originals)) return;
    const samples = readdirSync(originals).filter((file) => file.startsWith("sample-"));
    for (const sample of samples) cpSync(join(originals, sample), join(this.documents, "original", sample));
  }

  /** Takes all documents away; the next update removes what was theirs. */
  clearDocuments(): void {
    rmSync(this.documents, { recursive: true });
    mkdirSync(this.documents);
  }

  /** Changes a document; fails when there is nothing to change. */
  edit(file: string, before: string, after: string): void {
    const path = join(this.documents, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
    writeFileSync(path, text.replace(before, after));
  }

  /** Runs the Pulumi CLI on the stack. */
  async pulumi(command: string, ...args: readonly string[]): Promise<Run> {
    const stack = [
      "--stack",
      this.stack,
      "--config-file",
      this.configFile,
      "--non-interactive",
      "--color=never",
    ];
    return this.runPulumi([command, ...args, ...stack]);
  }

  /**
   * Updates the stack; fails with all that was said.
   *
   * @returns all that was said
   */
  async up(...args: readonly string[]): Promise<string> {
    const options = ["--yes", "--skip-preview", "--parallel", "64", "--suppress-progress"];
    return this.mustSucceed(this.pulumi("up", ...options, ...args));
  }

  /** Runs the Pulumi CLI on whatever stacks its arguments name. */
  async pulumiCommand(...args: readonly string[]): Promise<Run> {
    return this.runPulumi([...args, "--non-interactive", "--color=never"]);
  }

  /** What an update would do; fails with the errors that were said if it can't be previewed. */
  async plannedSteps(): Promise<readonly PlannedStep[]> {
    const { exitCode, output } = await this.pulumi("preview", "--json");
    return plannedSteps(exitCode, output);
  }

  /** Types `make` in the checkout, in a shell that has what `make env` says. */
  async make(target: string, ...settings: readonly string[]): Promise<Run> {
    return run("make", [target, ...settings], this.options(checkout));
  }

  /** Runs a program that `make env` puts on the PATH; gives its standard output. */
  async tool(program: string, ...args: readonly string[]): Promise<string> {
    const path = join(this.environment.layout.bin, program);
    const { stdout } = await execute(path, args, this.options(this.temporary.folder));
    return stdout;
  }

  /** Asks the API server for objects. */
  async objects<Schema extends z.ZodType>(
    schema: Schema,
    ...args: readonly string[]
  ): Promise<z.infer<Schema>[]> {
    const list = z.object({ items: z.array(schema) });
    return list.parse(JSON.parse(await this.tool("kubectl", "get", ...args, "-o", "json"))).items;
  }

  /** The files of a Secret, by name. */
  async secret(namespace: string, name: string): Promise<Readonly<Record<string, string>>> {
    const text = await this.tool("kubectl", "get", "secret", name, "-n", namespace, "-o", "json");
    const { data } = secretSchema.parse(JSON.parse(text));
    return Object.fromEntries(
      Object.entries(data).map(([file, content]) => [file, Buffer.from(content, "base64").toString()]),
    );
  }

  /** Fails with all that was said unless a run has ended well; gives what was said. */
  async mustSucceed(running: Promise<Run>): Promise<string> {
    const { exitCode, output } = await running;
    if (exitCode === 0) return output;
    const errors = output.split("\n").filter((line) => /\berror:|\bfailed\b/i.test(line));
    throw new Error(`exit code ${exitCode}\n${errors.join("\n")}\n${output.slice(-6000)}`);
  }

  /** Names of the workloads whose pods aren't all available, and the number of all workloads. */
  async availability(): Promise<{ readonly workloads: number; readonly waiting: readonly string[] }> {
    const workloads = await this.objects(workloadSchema, "deployments,statefulsets", "-A");
    const waiting = workloads.filter(({ spec, status }) => status.availableReplicas < spec.replicas);
    return {
      workloads: workloads.length,
      waiting: waiting.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    };
  }

  private async runPulumi(args: readonly string[]): Promise<Run> {
    return runInTime(this.environment.pulumi, args, this.options(checkout), () => this.unfinished());
  }

  /** What an update may be waiting for. */
  private async unfinished(): Promise<string> {
    const { layout } = this.environment;
    const ended = processStatuses(layout).flatMap(({ name, running }) => (running ? [] : [`${name}: ended`]));
    const found = await findings(layout, this.stack);
    const objects = await this.objects(remainingSchema, "namespaces,pods,persistentvolumeclaims", "-A");
    const leaving = objects.flatMap(({ kind, metadata: { namespace = "", name, deletionTimestamp } }) =>
      deletionTimestamp === undefined
        ? []
        : [`${kind} ${namespace}/${name}: leaves since ${deletionTimestamp}`],
    );
    return [...ended, ...found.map(({ subject, detail }) => `${subject}: ${detail}`), ...leaving].join("; ");
  }

  private options(cwd: string): RunOptions {
    const { layout, variables } = this.environment;
    // Nothing kills what is run here, as opposed to what tests of faults start.
    return { cwd, env: { ...variables, ...recordAtEnd, ALGORUN_LOCAL: layout.directory } };
  }
}
