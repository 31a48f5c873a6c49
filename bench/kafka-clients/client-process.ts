import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { answerSchema, type Answer, type Order } from "./client-orders";

/** A process that is a client of Kafka. */
export class ClientProcess {
  private readonly child: ChildProcess;
  private readonly answer: Promise<Answer>;
  private readonly end: Promise<void>;

  constructor(order: Order) {
    this.child = fork(join(__dirname, "main.ts"), { execArgv: ["--import", "tsx"] });
    this.end = new Promise((resolve) => {
      this.child.once("exit", () => {
        resolve();
      });
    });
    this.answer = new Promise((resolve) => {
      this.child.once("message", (message) => {
        resolve(answerSchema.parse(message));
      });
      this.child.once("exit", (code, signal) => {
        resolve({ kind: "failed", reason: `ended with ${signal ?? `exit code ${code}`}` });
      });
    });
    this.child.send(order);
  }

  /** The first thing that it says. */
  async first(): Promise<Answer> {
    return await this.answer;
  }

  /** Ends it, and waits for its end. */
  async stop(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.end;
  }
}
