import { ProcessGroup } from "../../tests/software/process-group";
import type { BenchOptions } from "../options";
import { writePart } from "../report/page-part";
import { Driver } from "./driver/driver";
import { dataplanePage, type DataplaneFigures } from "./figures-text";
import { measureDataplane } from "./measures";
import { PipelineUnderLoad } from "./pipeline-under-load";

/** Measures the data plane, prints the figures, and writes them into the documentation. */
export async function benchDataplane(options: BenchOptions): Promise<void> {
  const text = dataplanePage(await measured(options), options);
  console.log(`\n${text}\n`);
  if (options.isWritten)
    await writePart({ page: "dataplane.md", command: "make bench BENCH=dataplane" }, text);
}

async function measured(options: BenchOptions): Promise<DataplaneFigures> {
  const group = new ProcessGroup();
  const driver = Driver.start();
  let pipeline: PipelineUnderLoad | undefined;
  let keep: string | undefined;
  try {
    const receiverPort = await driver.port();
    console.log("starting Kafka, the gateway and an algo");
    pipeline = await PipelineUnderLoad.start(group, options.profiles);
    const figures = await measureDataplane({ group, driver, receiverPort, pipeline }, options);
    // Ends in order, so that it writes its profile.
    await pipeline.gateway.program.stop();
    return figures;
  } catch (error) {
    keep = pipeline?.broker.folder;
    throw error;
  } finally {
    driver.stop();
    await group.stopAll();
    if (keep === undefined) pipeline?.broker.remove();
    else console.error(`what the programs have logged is in ${keep}`);
  }
}
