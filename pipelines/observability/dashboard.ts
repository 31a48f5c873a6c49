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
  /** Panels at the top. */
  readonly panels: readonly Panel[];
  /** Panels under headings. @default none */
  readonly rows?: readonly Row[];
}

/** Panels under a heading. */
export interface Row {
  readonly title: string;
  /** Never empty. */
  readonly panels: readonly Panel[];
}

/** Identity of the provisioned data source that all panels ask. */
export const prometheusDatasourceUid = "prometheus";

const datasource = { type: "prometheus", uid: prometheusDatasourceUid };

/** Width of the page, in Grafana's units. */
const pageWidth = 24;
const panelWidth = 12;
const panelHeight = 8;
const headingHeight = 1;

/** Longest `uid` that Grafana takes. */
export const dashboardUidLength = 40;

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
    panels: arrangePanels(dashboard),
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

/** Where something stands on the page. */
interface Place {
  readonly x: number;
  readonly y: number;
}

function arrangePanels({ panels, rows = [] }: Dashboard): readonly object[] {
  const arranged: ((id: number) => object)[] = [];
  let y = 0;
  const arrange = (some: readonly Panel[]): void => {
    const perRow = pageWidth / panelWidth;
    some.forEach((panel, index) => {
      const place = { x: (index % perRow) * panelWidth, y: y + Math.floor(index / perRow) * panelHeight };
      arranged.push((id) => renderPanel(panel, id, place));
    });
    y += Math.ceil(some.length / perRow) * panelHeight;
  };
  arrange(panels);
  for (const row of rows) {
    const heading = { type: "row", title: row.title, collapsed: false, panels: [] };
    const gridPos = { x: 0, y, w: pageWidth, h: headingHeight };
    arranged.push((id) => ({ id, ...heading, gridPos }));
    y += headingHeight;
    arrange(row.panels);
  }
  return arranged.map((render, index) => render(index + 1));
}

function renderPanel(panel: Panel, id: number, place: Place): object {
  return {
    id,
    title: panel.title,
    description: panel.description,
    type: panel.kind,
    datasource,
    gridPos: { ...place, w: panelWidth, h: panelHeight },
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
