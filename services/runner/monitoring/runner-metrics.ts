import { Counter, Histogram, type Registry } from "prom-client";

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** The metrics that dashboards and alerts read (pipelines/observability/metric-names.ts). */
export class RunnerMetrics {
  readonly run: Histogram<"status">;
  readonly algo: Histogram;
  readonly messageInput: Counter<"input">;
  readonly messageOutput: Counter<"output">;
  readonly dataInput: Counter<"input">;
  readonly dataOutput: Counter<"output">;
  readonly retry: Counter<"step" | "repeat">;
  readonly deadLetters: Counter;
  readonly algoError: Counter;
  readonly runnerError: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = <Label extends string>(
      name: string,
      help: string,
      ...labelNames: Label[]
    ): Counter<Label> => new Counter({ name: `algorunner_${name}`, help, labelNames, registers });
    this.run = new Histogram({
      name: "algorunner_run_duration_seconds",
      help: "Time for a message, from when it is taken up until there is a result",
      labelNames: ["status"],
      buckets: seconds,
      registers,
    });
    this.algo = new Histogram({
      name: "algorunner_algo_duration_seconds",
      help: "Time that the algo takes for a message",
      buckets: seconds,
      registers,
    });
    this.messageInput = counter("msg_bytes_input_total", "Bytes of messages that were taken up", "input");
    this.messageOutput = counter("msg_bytes_output_total", "Bytes of messages that were made", "output");
    this.dataInput = counter(
      "data_bytes_input_total",
      "Bytes that messages carry or point to, taken up",
      "input",
    );
    this.dataOutput = counter(
      "data_bytes_output_total",
      "Bytes that messages carry or point to, made",
      "output",
    );
    this.retry = counter("retry_total", "Messages that are to be tried again", "step", "repeat");
    this.deadLetters = counter("dlq_total", "Messages that went to the dead letters");
    this.algoError = counter("algo_error", "Messages that the algo failed with");
    this.runnerError = counter("runner_error", "What failed around the algo, such as object storage");
  }
}
