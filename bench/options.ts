import { parseArgs } from "node:util";
import { UserError } from "../local/user-error";

/** How long a bench measures, and what becomes of its figures. */
export interface BenchOptions {
  /** Time of each measure, in seconds. @default 20 */
  readonly seconds: number;
  /** Time under half load, where memory is watched, in seconds. @default 60 */
  readonly steadySeconds: number;
  /** Whether the figures are written into the documentation. @default true */
  readonly isWritten: boolean;
  /** Numbers of pipelines in the stacks that are measured, growing. @default 1, 10 and 30 */
  readonly sizes: readonly number[];
  /** Most pipelines of a stack that is held against other ways to have the same. @default of all stacks */
  readonly compared: number;
  /** Folder for CPU profiles of the services; undefined: none are made. */
  readonly profiles: string | undefined;
}

/** What a person types. */
export const usage = `make bench BENCH=name

  validate       how long make validate takes for 30 to 10,000 pipelines
  dataplane      messages from the gateway through a runner to a webhook, against Kafka's own tools and Kafka Streams
  kafka-clients  clients of Kafka for Node: speed, memory, and what is lost or doubled when members come and go
  stack          from validate to destroy of stacks that grow, against the same without components, split, and without Pulumi

All write their figures into docs/, and take
  SECONDS=20         dataplane, kafka-clients: time of each measure
  STEADY_SECONDS=60  dataplane: time under half load, in which memory is watched
  PROFILE=folder     dataplane: CPU profiles of gateway, runner and hook, for speedscope.app or Chrome's DevTools
  SIZES=1,10,30      stack: numbers of pipelines
  COMPARED=30        stack: the largest of them that is held against other ways to have the same, which take three times as
                     long together; without it, all are
  WRITE=no           print the figures, and leave docs/ alone`;

/** @throws UserError that says what is wrong with an option, and what is expected */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string", default: "20" },
      "steady-seconds": { type: "string", default: "60" },
      profile: { type: "string" },
      sizes: { type: "string", default: "1,10,30" },
      compared: { type: "string" },
      write: { type: "string", default: "yes" },
    },
  });
  if (values.write !== "yes" && values.write !== "no")
    throw new UserError(`WRITE is ${values.write}, expected yes or no`);
  return {
    seconds: wholeNumberOf("SECONDS", values.seconds),
    steadySeconds: wholeNumberOf("STEADY_SECONDS", values["steady-seconds"]),
    sizes: sizesOf(values.sizes),
    compared:
      values.compared === undefined ? Number.POSITIVE_INFINITY : wholeNumberOf("COMPARED", values.compared),
    isWritten: values.write === "yes",
    profiles: values.profile,
  };
}

function wholeNumberOf(name: string, text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new UserError(`${name} is ${text}, expected a whole number from 1 on`);
  return Number(text);
}

function sizesOf(text: string): readonly number[] {
  if (!/^[1-9]\d{0,4}(,[1-9]\d{0,4})*$/.test(text))
    throw new UserError(`SIZES is ${text}, expected whole numbers from 1 on, such as 1,10,100`);
  return text
    .split(",")
    .map(Number)
    .sort((one, other) => one - other);
}
