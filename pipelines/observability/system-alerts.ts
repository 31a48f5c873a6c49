import { logVolume } from "../model/edges/write-ahead-log";
import type { EndpointPlan, PipelinePlan } from "../model/plan/plan";
import type { PipelineAlert } from "./alert-rule";
import type { AlertThresholds } from "./alert-thresholds";
import { series } from "./promql";
import { endpointOf, measuredConnectors, podsOf } from "./watched";

/** A write-ahead log that fills its volume, which it does while Kafka does not take what comes in. */
export function logFillAlerts(plan: PipelinePlan, { logFill }: AlertThresholds): readonly PipelineAlert[] {
  const endpoint = endpointOf(plan);
  if (endpoint?.writeAheadLog.size === undefined) return [];
  return [
    {
      alert: "AlgoRunLogFills",
      when: `the write-ahead log of a pod is more than ${Number((logFill * 100).toFixed(2))} % full`,
      expr: `${logFillExpression(plan, endpoint)} > ${logFill}`,
      for: "5m",
      severity: "critical",
      labels: { deployment: plan.id, component: endpoint.name },
      summary: `${plan.id}: the write-ahead log {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full`,
      description: `What comes in is kept in the log until Kafka has taken it; once the log is full, requests are refused. Look whether the brokers answer and what the endpoint logs (kubectl -n ${plan.namespace} logs statefulset/${endpoint.name}). The volume's size is endpoint.producer.wal.size of the document.`,
    },
  ];
}

/** How full the volume of each pod is, from 0 to 1. */
export function logFillExpression({ namespace }: PipelinePlan, { name }: EndpointPlan): string {
  // A StatefulSet names its claims so, with the number of the pod at the end.
  const claims = `persistentvolumeclaim=~"${logVolume}-${name}-[0-9]+"`;
  const volumes = `{namespace="${namespace}",${claims}}`;
  return `max by (persistentvolumeclaim) (kubelet_volume_stats_used_bytes${volumes} / kubelet_volume_stats_capacity_bytes${volumes})`;
}

/** A task that has failed stays so until somebody restarts it. */
export function connectorAlerts(plan: PipelinePlan): readonly PipelineAlert[] {
  return measuredConnectors(plan).map((connector): PipelineAlert => {
    const failed = series("kafka_connect_connector_task_status", {
      ...podsOf(plan, connector),
      status: "failed",
    });
    return {
      alert: "AlgoRunConnectorTaskFailed",
      when: "a task of the connector has failed",
      expr: `max by (connector, task) (${failed}) == 1`,
      for: "2m",
      severity: "critical",
      labels: { deployment: plan.id, component: connector.name },
      summary: `${plan.id}: task {{ $labels.task }} of the connector ${connector.name} has failed`,
      description: `Kafka Connect does not start a failed task again, so what it moved stands still. Its log has the reason (kubectl -n ${plan.namespace} logs deployment/${connector.name}); once that is gone, restart the task: POST http://localhost:${connector.restPort}/connectors/${connector.registeredName}/restart?includeTasks=true&onlyFailed=true in a pod of it.`,
    };
  });
}
