import type { PartitionsReason } from "../model/plan/plan";

/** The rule that gave a topic its partitions, with its sum. */
export function partitionsInWords(reason: PartitionsReason, partitions: number): string {
  switch (reason.rule) {
    case "stated":
      return "stated by the document";
    case "default":
      return "1, since the document describes the topic and gives no number";
    case "connect":
      return "the data connector keeps its state in it, and asks for this number";
    case "deadLetters":
      return "1, since what is given up is little, and in no order";
    case "autoPartition":
      return `autoPartition: ${sumOf(reason, partitions)}`;
    case "undescribed":
      return `automatic, since the document does not describe the topic: ${sumOf(reason, partitions)}`;
    case "retryOf":
      return `as many as ${reason.topic}, whose messages it takes`;
  }
}

function sumOf(
  { readers, sum }: Extract<PartitionsReason, { readonly sum: number }>,
  partitions: number,
): string {
  const terms = readers.map(({ component, replicas, adds }) => {
    const because = adds > replicas ? `${component} has ${replicas}, the sum so far is more` : component;
    return ` + ${adds} (${because})`;
  });
  return `(1${terms.join("")}) × 1.5 = ${sum * 1.5}${sum % 2 === 0 ? "" : `, rounded: ${partitions}`}`;
}
