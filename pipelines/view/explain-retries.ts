import type { PipelinePlan, RetryStepPlan } from "../model/plan/plan";
import type { Table } from "./table";

/** What becomes of messages that an algo fails to process. */
export function retriesTable({ components }: PipelinePlan): Table {
  return {
    title: "Retries",
    columns: ["component", "messages of", "tried again", "then to", "because"],
    rows: components.flatMap((component) =>
      component.kind === "algo"
        ? component.retries.map(({ topic, strategy, steps, deadLetterTopic }) => [
            component.name,
            topic,
            steps.map(stepInWords).join("\n"),
            deadLetterTopic,
            strategy === "Simple"
              ? "strategy Simple: the algo itself waits, and messages keep their order"
              : "strategy RetryTopics: messages wait in a topic, and others pass them",
          ])
        : [],
    ),
  };
}

function stepInWords({ backoffMs, attempts, topic }: RetryStepPlan): string {
  const where = topic === undefined ? "" : `, from ${topic}`;
  return `${attempts === 1 ? "once" : `${attempts} times`} after ${durationInWords(backoffMs)}${where}`;
}

const units = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** `1h30m`, as documents have it. */
function durationInWords(milliseconds: number): string {
  let rest = milliseconds;
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return parts.length === 0 ? "0s" : parts.join("");
}
