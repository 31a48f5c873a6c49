import { collectDefaultMetrics, Registry } from "prom-client";

export type Metrics = Registry;

/** A registry with Node's own metrics; `labels` are on everything in it. */
export function createMetrics(labels: Readonly<Record<string, string>>): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ ...labels });
  collectDefaultMetrics({ register: registry });
  return registry;
}
