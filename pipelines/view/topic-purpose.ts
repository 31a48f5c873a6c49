import type { TopicPlan } from "../model/plan/plan";

/** Why a data connector reads and writes a topic of its own. */
export const connectInWords = "it keeps its state there";

/** Where a topic's name comes from. */
export function nameInWords({ purpose, nameBecause, partitionsBecause }: TopicPlan): string {
  if (purpose === "retry") return "that of the topic whose messages wait in it, and their back-off";
  if (partitionsBecause.rule === "deadLetters") return "automatic, from owner, name and component";
  if (purpose === "deadLetter")
    return "that of the topic whose messages it takes, and the dead-letter suffix";
  return nameBecause === "stated"
    ? "stated by the document"
    : "automatic, from owner, name, component and output";
}

/** Why its producer writes a topic. */
export function writingInWords({ purpose, producedBy }: TopicPlan): string {
  if (purpose === "retry") return "messages that it failed to process wait there to be tried again";
  if (purpose === "deadLetter") return "messages that it gave up go there";
  if (purpose === "connect") return connectInWords;
  return `it carries the output ${producedBy.port}`;
}

/** Why a component reads a topic. */
export function readingInWords({ purpose }: TopicPlan, input: string): string {
  return purpose === "retry"
    ? `messages that failed at the input ${input} wait there`
    : `a pipe leads from it to the input ${input}`;
}

/** What is written beside an arrow from a component to its topic. */
export function outputInWords({ purpose, producedBy }: TopicPlan): string {
  if (purpose === "retry") return "failed";
  if (purpose === "deadLetter") return "given up";
  if (purpose === "replaced") return "no longer";
  return producedBy.port;
}
