/** A condition that somebody must know of. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the condition must hold, so that a restart wakes nobody. */
  readonly for: string;
  /** `critical`: data is at risk, act now. `warning`: act today. */
  readonly severity: "critical" | "warning";
  /** What tells it apart from others of its name. @default nothing */
  readonly labels?: Readonly<Record<string, string>>;
  /** One line, with labels filled in. */
  readonly summary: string;
  /** What it means and what to look at first. */
  readonly description: string;
}

/** A group as a rule file has it: its rules are evaluated one after the other, at the same time. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly object[];
}

/** An alert of a pipeline. */
export interface PipelineAlert extends AlertRule {
  /** The condition in words, for who reads about the pipeline. */
  readonly when: string;
  readonly labels: Readonly<Record<"deployment" | "component", string>> & Readonly<Record<string, string>>;
}

/** Alert rules as a group of a rule file. */
export function alertGroup(name: string, alerts: readonly AlertRule[]): RuleGroup {
  return {
    name,
    rules: alerts.map(({ alert, expr, for: duration, severity, labels, summary, description }) => ({
      alert,
      expr,
      for: duration,
      labels: { ...labels, severity },
      annotations: { summary, description },
    })),
  };
}
