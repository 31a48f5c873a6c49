import { z } from "zod";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { renderDashboard } from "../../pipelines/observability/dashboard";
import { pipelineAlerts } from "../../pipelines/observability/pipeline-alerts";
import { pipelineDashboard } from "../../pipelines/observability/pipeline-dashboard";

const boardSchema = z.object({
  uid: z.string(),
  title: z.string(),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.string(),
      title: z.string().min(1),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string().min(1) })).optional(),
    }),
  ),
});

/** A dashboard as Grafana loads it. */
export type Board = z.infer<typeof boardSchema>;

/** The rendered dashboard of a pipeline. */
export function boardOf(plan: PipelinePlan): Board {
  return boardSchema.parse(renderDashboard(pipelineDashboard(plan)));
}

/** All that a dashboard asks, with the title of the panel. */
export function queriesOf({ panels }: Board): readonly (readonly [title: string, expression: string])[] {
  return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));
}

/** All that the alerts and the dashboard of a pipeline ask. */
export function expressionsOf(plan: PipelinePlan): readonly string[] {
  return [
    ...pipelineAlerts(plan).map(({ expr }) => expr),
    ...queriesOf(boardOf(plan)).map(([, expression]) => expression),
  ];
}
