import type { PipelinePlan } from "../model/plan/plan";
import { pipelineAlerts } from "../observability/pipeline-alerts";
import type { Table } from "./table";

/** When somebody is told, with the thresholds that a stack has by default. */
export function alertsTable(plan: PipelinePlan): Table {
  return {
    title: "Alerts; algorun:alerts has the thresholds",
    columns: ["alert", "severity", "component", "when", "for"],
    rows: pipelineAlerts(plan).map(({ alert, severity, labels, when, for: duration }) => [
      alert,
      severity,
      labels.component,
      when,
      duration === "0m" ? "at once" : duration,
    ]),
  };
}
