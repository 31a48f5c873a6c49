/** How a value is to be read. */
export type Unit = "short" | "percentunit" | "reqps" | "s" | "Bps" | "bytes";

/** One query of a panel. */
export interface Query {
  /** PromQL. */
  readonly expr: string;
  /** Name of the series, with labels in double braces. */
  readonly legend: string;
}

/** One panel of a dashboard. */
export interface Panel {
  readonly title: string;
  /** What the reader should conclude from it. */
  readonly description: string;
  readonly kind: "timeseries" | "stat";
  readonly unit: Unit;
  readonly queries: readonly Query[];
}

/** A variable that the reader chooses: the values of a label of a metric. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly metric: string;
}

/** A dashboard as we describe it; {@link renderDashboard} makes Grafana's JSON model of it. */
export interface Dashboard {
  /** Stable identity: part of its address. */
  readonly uid: string;
  readonly title: string;
  readonly variables: readonly Variable[];
  readonly panels: readonly Panel[];
}

/** Identity of the provisioned data source that all panels ask. */
export const prometheusDatasourceUid = "prometheus";

const datasource = { type: "prometheus", uid: prometheusDatasourceUid };

/** Width of the page, in Grafana's units. */
const pageWidth = 24;
const panelWidth = 12;
const panelHeight = 8;

/** The JSON model that Grafana loads; panels stand two by two in the order given. */
export function renderDashboard(dashboard: Dashboard): object {
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    tags: ["algorun"],
    editable: false,
    schemaVersion: 41,
    timezone: "utc",
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    templating: { list: dashboard.variables.map(renderVariable) },
    panels: dashboard.panels.map(renderPanel),
  };
}

function renderVariable({ name, label, metric }: Variable): object {
  const query = `label_values(${metric}, ${label})`;
  return {
    name,
    label: name,
    type: "query",
    datasource,
    query: { query, refId: name },
    definition: query,
    includeAll: true,
    multi: true,
    current: { text: "All", value: "$__all" },
    refresh: 2,
    sort: 1,
  };
}

function renderPanel(panel: Panel, index: number): object {
  const perRow = pageWidth / panelWidth;
  return {
    id: index + 1,
    title: panel.title,
    description: panel.description,
    type: panel.kind,
    datasource,
    gridPos: {
      x: (index % perRow) * panelWidth,
      y: Math.floor(index / perRow) * panelHeight,
      w: panelWidth,
      h: panelHeight,
    },
    fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
    options: panel.kind === "timeseries" ? { legend: { displayMode: "list", placement: "bottom" } } : {},
    targets: panel.queries.map(({ expr, legend }, position) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + position),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}
