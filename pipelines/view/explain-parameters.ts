import type { ParameterReason, TopicPlan } from "../model/plan/plan";

/** For each setting of a topic the rule that gave it. */
export function parametersInWords({ parameters, parametersBecause }: TopicPlan): readonly string[] {
  return Object.keys(parameters).flatMap((name) => {
    const reason = parametersBecause[name];
    return reason === undefined ? [] : [`${name}: ${parameterInWords(name, reason)}`];
  });
}

function parameterInWords(name: string, reason: ParameterReason): string {
  switch (reason.rule) {
    case "stated":
      return "stated by the document";
    case "copies":
      return reason.copies < 3
        ? `1, since with ${reason.copies === 1 ? "1 copy" : "2 copies"} more would stop all writers when a broker restarts`
        : `more than half of ${reason.copies} copies, so that a broker can be down and no message is on one disk only`;
    case "served":
      return name === "max.message.bytes"
        ? `the largest message of ${reason.topic}, and room for headers`
        : `that of ${reason.topic}, whose messages it takes`;
    case "retry":
    case "deadLetter":
      return failedInWords(name, reason.rule);
    case "connect":
      return "Kafka Connect needs the last word on each thing";
  }
}

/** What topics for messages that failed are like, whatever the topic is that these come from. */
function failedInWords(name: string, purpose: "retry" | "deadLetter"): string {
  switch (name) {
    case "cleanup.policy":
      return "each message counts, so that none is dropped for a later one of its key";
    case "message.timestamp.type":
      return "its time counts from when a message was put there";
    case "retention.bytes":
      return "no message is dropped for lack of room";
    case "retention.ms":
      return purpose === "retry"
        ? "all back-offs, and seven days in which the algo may be down"
        : "thirty days for people to look, or as long as the messages themselves if that is longer";
    default:
      return purpose === "retry" ? "it holds messages that wait" : "it holds messages that were given up";
  }
}
