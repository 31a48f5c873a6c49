import { z } from "zod";
import { partNumber } from "../../components/workload/shared-files";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { deploymentsText } from "../model/rollouts-under-test";
import type { EngineEnvironment } from "./engine-environment";

const folderSchema = z.object({
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
});

/** Number of ConfigMaps of the larger folder; that of the smaller one divides it. */
const parts = 16;

/** A document of a pipeline whose files lie in the same ConfigMaps as those of another. */
export function neighbourOf(id: string): string {
  const names = Array.from({ length: 1000 }, (_, index) => `neighbour-${index}`);
  const name = names.find((each) => partNumber(`acme.${each}`, parts) === partNumber(id, parts));
  if (name === undefined) throw new Error(`no name lies beside ${id}`);
  return deploymentsText([{ name }]);
}

/** The files that pipelines have put into folders of the platform, as sorted lines `folder file`. */
export async function sharedFiles(engine: EngineEnvironment): Promise<readonly string[]> {
  const folders = await engine.objects(folderSchema, "configmaps", "-n", "algorun");
  return folders
    .flatMap(({ metadata: { name }, data }) =>
      /-pipeline-(rules|dashboards)-\d+$/.test(name)
        ? Object.keys(data).map((file) => `${name} ${file}`)
        : [],
    )
    .sort();
}

/** The files that some pipelines bring. */
export function filesOf(plans: readonly PipelinePlan[]): readonly string[] {
  return plans
    .flatMap(({ id, name }) => [
      `prometheus-pipeline-rules-${partNumber(id, parts / 2)} ${name}.yml`,
      `grafana-pipeline-dashboards-${partNumber(id, parts)} ${name}.json`,
    ])
    .sort();
}
