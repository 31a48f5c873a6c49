/** Everything that the embedded environment and the tests run and that npm does not bring. */
export type ToolName =
  | "alertmanager"
  | "amtool"
  | "cert-manager"
  | "control-plane"
  | "ffmpeg"
  | "grpcurl"
  | "java"
  | "kafka"
  | "kafka-provider"
  | "kube-linter"
  | "kube-score"
  | "kube-state-metrics"
  | "kubectl"
  | "kubernetes-provider"
  | "mariadb"
  | "mc"
  | "minio"
  | "nginx"
  | "polaris"
  | "postgresql"
  | "prometheus"
  | "promtool"
  | "pulumi"
  | "random-provider"
  | "ratelimit"
  | "redis";

/** Where a tool was found: installed by the user, made by an earlier run, or obtained by this one. */
export type ToolSource = "path" | "cache" | "download" | "build";

/** A tool that can be run now. */
export interface Tool {
  readonly name: ToolName;
  /** Version without a leading `v`; empty where nothing asks for one. */
  readonly version: string;
  /** Absolute path of the executable; for `kafka`, of the folder with its jars. */
  readonly path: string;
  readonly source: ToolSource;
}
