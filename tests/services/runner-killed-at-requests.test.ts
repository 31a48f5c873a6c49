import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  endTxnV3,
  initProducerIdV4,
  produceV9,
  txnOffsetCommitV3,
} from "@platformatic/kafka";
import { shortOrLong } from "../harness/fault-records";
import { eventually } from "../software/process-group";
import { RunnerLoad } from "./runner-load";

/**
 * What a transaction is made of, and how many of each go through in the first round before the one that ends the runner;
 * undefined: there is one in a runner's life.
 */
const requests = [
  { name: "InitProducerId", key: initProducerIdV4.api.key, through: undefined },
  { name: "AddPartitionsToTxn", key: addPartitionsToTxnV3.api.key, through: 2 },
  { name: "Produce", key: produceV9.api.key, through: 2 },
  { name: "AddOffsetsToTxn", key: addOffsetsToTxnV3.api.key, through: 2 },
  { name: "TxnOffsetCommit", key: txnOffsetCommitV3.api.key, through: 2 },
  { name: "EndTxn", key: endTxnV3.api.key, through: 2 },
] as const;
/** Before it is sent, when it is on its way, and when its answer is there and nothing has been done with it. */
const moments = ["before", "sent", "answered"] as const;

describe("a runner that is killed at a given request of its transactions", function () {
  const rounds = shortOrLong(1, 5);
  this.timeout(rounds * 1_200_000);
  let load: RunnerLoad;

  before(async () => {
    load = await RunnerLoad.start("127.0.91");
  });

  afterEach(async () => {
    await load.stopRunners();
  });

  after(async () => {
    await load.close();
  });

  for (const { name, key, through } of requests)
    it(`${name}: before it, while it is sent, and when it is answered: nothing is lost, and nothing seen twice`, async () => {
      const traffic = load.send(name);
      for (let round = 0; round < rounds; round += 1)
        for (const moment of moments) {
          const { program } = await load.startRunner("upper-killed", {
            NODE_OPTIONS: `--import=${pathToFileURL(join(__dirname, "kill-at-request.mjs")).href}`,
            KILL_AT_REQUEST: `${key} ${moment} ${through === undefined ? 0 : through + round}`,
          });
          await eventually("it is killed", () => program.ended(), { seconds: 60 });
        }
      const survivor = await load.startRunner("upper-killed");
      await load.works(survivor);
      await traffic.stop();
      const fault = `runner killed at ${name}: before it, while it is sent, when it is answered`;
      await load.nothingLostNorDoubled(name, fault, rounds * moments.length);
    });
});
