import { benchDataplane } from "./dataplane/dataplane";
import { benchKafkaClients } from "./kafka-clients/kafka-clients";
import { readOptions, usage } from "./options";
import { benchStack } from "./stack/stack";
import { benchValidate } from "./validate";

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  validate: async (args) => {
    await benchValidate(readOptions(args));
  },
  dataplane: async (args) => {
    await benchDataplane(readOptions(args));
  },
  stack: async (args) => {
    await benchStack(readOptions(args));
  },
  "kafka-clients": async (args) => {
    await benchKafkaClients(readOptions(args));
  },
};

const [name = "", ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  console.log(usage);
  process.exitCode = name === "" ? 0 : 2;
} else {
  bench(args).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
