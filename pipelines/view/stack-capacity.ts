import type { KafkaUse } from "../model/capacity/capacity";
import { pipelineCapacity } from "../model/capacity/pipeline-capacity";
import { sumOfKafka, sumOfUses } from "../model/capacity/sums";
import type { PipelinePlan } from "../model/plan/plan";
import type { PlatformFacts } from "../model/platform-facts";
import { bytesText } from "../model/values/amount";
import { distinct } from "../model/values/text";
import { counted } from "./counted";
import { rangeInWords } from "./range-in-words";
import type { Table } from "./table";

/** What each of several plans takes of a platform, and all together. */
export function stackCapacityTable(plans: readonly PipelinePlan[], facts: PlatformFacts): Table {
  const each = plans.map((plan) => ({ id: plan.id, ...pipelineCapacity(plan, facts) }));
  const all = {
    id: "all pipelines",
    use: sumOfUses(each.map(({ use }) => use)),
    kafka: sumOfKafka(each.map(({ kafka }) => kafka)),
  };
  // Limits of containers are what each may take at times: their sum says nothing about the room that is needed.
  const names = distinct(Object.keys(all.use)).filter((name) => !name.startsWith("limits."));
  const row = ({ id, use, kafka }: typeof all): readonly string[] => [
    id,
    ...names.map((name) => rangeInWords(name, use[name])),
    ...kafkaCells(kafka),
  ];
  return {
    title: "Capacity",
    columns: ["pipeline", ...names, "partitions", "with copies", "bytes at most"],
    rows: [...each, all].map(row),
  };
}

function kafkaCells(use: KafkaUse): readonly string[] {
  const { partitions, copies, topics, topicsOfUnknownSize } = use;
  const unknown = topicsOfUnknownSize === 0 ? "" : `, without ${counted(topicsOfUnknownSize, "topic")}`;
  const size = topicsOfUnknownSize === topics ? "unknown" : `${bytesText(use.bytes)}${unknown}`;
  return [String(partitions), String(copies), size];
}
