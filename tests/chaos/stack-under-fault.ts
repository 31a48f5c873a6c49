import assert from "node:assert/strict";
import { cpSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { takeOver } from "../../local/stack/open-stack";
import { makeUpdatable } from "../../local/stack/recovery";
import { recordStack } from "../../render/rendered-stack";
import { EngineEnvironment } from "../engine/engine-environment";
import { deploymentsText } from "../model/rollouts-under-test";
import type { KafkaLogin } from "../software/kafka-client";
import { keepsakesOf, lost, type Keepsakes } from "./keepsakes";
import { compareWithPlan } from "./plan-checker";
import { commandedStack } from "./stack-commands";

const asPlanned = { missing: [], extra: [], doubled: [] };

/** A stack in an environment of its own that faults are done to, with a second pipeline that comes and goes. */
export class StackUnderFault {
  /** Resources with the second pipeline, and without it. */
  private readonly counts = new Map<boolean, number>();

  private constructor(
    readonly engine: EngineEnvironment,
    private readonly administrator: KafkaLogin,
  ) {}

  /** Starts an environment, and makes an empty stack in it. */
  static async start(): Promise<StackUnderFault> {
    const engine = await EngineEnvironment.start();
    const { bootstrapServers, caCertificate, username, password } = engine.environment.connections.kafka;
    return new StackUnderFault(engine, { brokers: bootstrapServers, caCertificate, username, password });
  }

  /** Has the stack take its documents from the environment, one pipeline for now. */
  useSmallDocuments(): void {
    const { engine } = this;
    this.counts.clear();
    engine.clearDocuments();
    cpSync("pipelines/documents/sensors", join(engine.documents, "sensors"), { recursive: true });
    this.useOwnDocuments();
  }

  /** Has the stack take its documents from the environment again: `make up` takes those of the checkout. */
  useOwnDocuments(): void {
    this.engine.configure({ "algorun:documents": [this.engine.documents] });
  }

  /**
   * The second pipeline comes, or goes.
   *
   * @returns resources that the next update changes
   */
  async toggle(): Promise<number> {
    const before = await this.plannedResources();
    if (existsSync(this.second)) rmSync(this.second);
    else writeFileSync(this.second, deploymentsText([{ name: "texts" }]));
    return Math.abs((await this.plannedResources()) - before);
  }

  /** Number of resources that providers are to have. */
  async plannedResources(): Promise<number> {
    const hasSecond = existsSync(this.second);
    const known = this.counts.get(hasSecond);
    if (known !== undefined) return known;
    const { layout } = this.engine.environment;
    const resources = await recordStack(this.engine.stack, { folder: layout.directory });
    const count = resources.filter(({ custom }) => custom).length;
    this.counts.set(hasSecond, count);
    return count;
  }

  /** Removes all that the stack has made. */
  async destroy(): Promise<void> {
    const options = ["--yes", "--skip-preview", "--parallel", "64", "--suppress-progress"];
    await this.engine.mustSucceed(this.engine.pulumi("destroy", ...options));
  }

  /** What is there that must outlive a fault. */
  async keepsakes(): Promise<Keepsakes> {
    return keepsakesOf(this.engine, this.administrator);
  }

  /**
   * Updates the stack after a fault, as `make up` does it.
   *
   * @returns what became of operations that were pending, a line each
   */
  async updateAgain(): Promise<readonly string[]> {
    const settled = await makeUpdatable(await takeOver(commandedStack(this.engine)));
    await this.engine.up();
    return settled;
  }

  /**
   * Fails unless everything is as planned, and all is still there that was before and is planned.
   *
   * @returns how many things were there before, and stayed
   */
  async mustHaveSurvived(before: Keepsakes, told: string): Promise<number> {
    const missing = lost(before, await this.keepsakes()).filter((name) => this.isPlanned(name));
    assert.deepEqual(missing, [], told);
    assert.deepEqual(await compareWithPlan(this.engine, this.administrator), asPlanned, told);
    return [...before.keys()].filter((name) => this.isPlanned(name)).length;
  }

  /** Whether something is of a pipeline that has a document. */
  private isPlanned(name: string): boolean {
    return existsSync(this.second) || !name.includes("texts");
  }

  private get second(): string {
    return join(this.engine.documents, "texts.yaml");
  }
}
