import type { PipelinePlan } from "../model/plan/plan";
import { kubernetesName } from "../model/values/names";
import { connectorPanels, deadLetterPanels, endpointPanels, retryPanels } from "./component-panels";
import { dashboardUidLength, type Dashboard, type Row } from "./dashboard";
import { flowPanels, lagPanels } from "./flow-panels";
import { series } from "./promql";

/** The dashboard of a pipeline: what it has, and nothing else. */
export function pipelineDashboard(plan: PipelinePlan): Dashboard {
  const rows: readonly Row[] = [
    { title: "Endpoint", panels: endpointPanels(plan) },
    { title: "Flow", panels: flowPanels(plan) },
    { title: "Lag", panels: lagPanels(plan) },
    { title: "Retries and dead letters", panels: [...retryPanels(plan), ...deadLetterPanels(plan)] },
    { title: "Connectors", panels: connectorPanels(plan) },
  ];
  return {
    uid: dashboardUid(plan),
    title: `Pipeline ${plan.id}`,
    variables: [],
    panels: [
      {
        title: "Alerts firing",
        description: `Alerts of ${plan.id}; what each means is in its description.`,
        kind: "stat",
        unit: "short",
        queries: [
          {
            expr: `count by (alertname) (${series("ALERTS", { alertstate: "firing", deployment: plan.id })}) or vector(0)`,
            legend: "{{alertname}}",
          },
        ],
      },
      {
        title: "Pods down",
        description: "Pods that ask to be scraped and don't answer.",
        kind: "stat",
        unit: "short",
        queries: [
          {
            expr: `count by (app) (${series("up", { namespace: plan.namespace })} == 0) or vector(0)`,
            legend: "{{app}}",
          },
        ],
      },
    ],
    rows: rows.filter(({ panels }) => panels.length > 0),
  };
}

/** Identity of a pipeline's dashboard, and the last part of its address. */
export function dashboardUid({ name }: PipelinePlan): string {
  return kubernetesName(`pipeline-${name}`, dashboardUidLength);
}
