import { cpSync } from "node:fs";
import { parseJson } from "../../local/files";
import { until } from "../../local/process/until";
import { askPulumi, type Stack } from "../../local/stack/stack";
import { stateSchema } from "../../local/stack/stack-state";
import { preparePulumiHome } from "../../local/toolchain/pulumi-home";
import type { Tool } from "../../local/toolchain/tool";
import { resolveTools } from "../../local/toolchain/toolchain";
import { commandedStack } from "../chaos/stack-commands";
import { EngineEnvironment } from "../engine/engine-environment";
import { fillBroker } from "../software/broker-contents";
import { clearResources, type ClearResource } from "./clear-state";
import { makeObjects } from "./cluster-objects";
import { withConnections } from "./connections";
import { exportedState, type RecordedState } from "./recorded-state";

/** Longest wait for the controllers, which make pods and claims of what was recorded, in milliseconds. */
const patience = 180_000;

/** A stack that an older program has made, in an environment of its own, as today's program finds it. */
export class RecordedStack {
  private constructor(
    readonly engine: EngineEnvironment,
    readonly stack: Stack,
  ) {}

  /** Starts an environment and makes in it what a state records. */
  static async start(recorded: RecordedState): Promise<RecordedStack> {
    const engine = await EngineEnvironment.start();
    const started = new RecordedStack(engine, commandedStack(engine));
    try {
      await started.place(recorded);
    } catch (error) {
      await engine.stop();
      throw error;
    }
    return started;
  }

  /** What the stack's state records now. */
  async resources(): Promise<readonly ClearResource[]> {
    const args = ["stack", "export", "--show-secrets", "--stack", this.stack.name];
    return clearResources(parseJson(await askPulumi(this.stack, args), stateSchema, "The state"));
  }

  private async place({ name, config, documents, versions }: RecordedState): Promise<void> {
    const { engine } = this;
    await this.lendProviders(versions);
    const { connections } = engine.environment;
    engine.clearDocuments();
    cpSync(documents, engine.documents, { recursive: true });
    engine.configure(config);
    const state = parseJson(exportedState(name), stateSchema, "The recorded state");
    const args = ["stack", "import", "--stack", this.stack.name];
    await askPulumi(this.stack, args, JSON.stringify(withConnections(state, connections)));
    const resources = await this.resources();
    await makeObjects(connections.kubernetes.kubeconfig, resources);
    await fillBroker(connections.kafka, resources);
    const isUp = async (): Promise<boolean> => (await engine.availability()).waiting.length === 0;
    if (await until(isUp, patience)) return;
    const { waiting } = await engine.availability();
    throw new Error(`What was recorded does not get ready: ${waiting.join(", ")}`);
  }

  /**
   * Has today's providers answer to the recorded versions as well: the engine asks these for what it deletes, and for what
   * it refreshes before the program has run. Elsewhere it would fetch them.
   */
  private async lendProviders(versions: RecordedState["versions"]): Promise<void> {
    const tools = await resolveTools(["kafka-provider", "kubernetes-provider", "random-provider"]);
    const lent = (tool: Tool, name: string): Tool => ({ ...tool, version: versions[name] ?? tool.version });
    await preparePulumiHome(this.engine.environment.layout.pulumiHome, {
      "kafka-provider": lent(tools["kafka-provider"], "kafka"),
      "kubernetes-provider": lent(tools["kubernetes-provider"], "kubernetes"),
      "random-provider": lent(tools["random-provider"], "random"),
    });
  }
}
