/** Begins the names of records and logs of containers, and of nobody else's. */
export const containerPrefix = "pod.";

/** A file that a pod finds in a volume. */
export interface MountedFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** How it is found out whether a process answers. */
export type NetworkProbe =
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** A container of a pod, as a process. */
export interface ContainerProcess {
  readonly name: string;
  /** Names its record and its log: `pod.{namespace}.{pod}.{container}`. */
  readonly processName: string;
  /** `init` runs to its end before what follows, `sidecar` starts before it and stays. */
  readonly kind: "init" | "sidecar" | "main";
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The ports that it says it listens on, by name or number. */
  readonly ports: Readonly<Record<string, number>>;
  /** Must succeed before the next container starts. */
  readonly startup: NetworkProbe | undefined;
  /** Must succeed before the pod is ready. */
  readonly readiness: NetworkProbe | undefined;
}

/** A pod, as processes of this machine. */
export interface PodProcesses {
  readonly namespace: string;
  readonly name: string;
  /** Whose pod it is. */
  readonly workload: string;
  /** The loopback address that it has for itself. */
  readonly address: string;
  /** Whether its containers are started again when they end; a Job's are until they have done their work. */
  readonly runs: "always" | "to completion";
  /** Folders to make, empty unless they persist. */
  readonly folders: readonly { readonly path: string; readonly persists: boolean }[];
  readonly files: readonly MountedFile[];
  /** In the order in which they start. */
  readonly containers: readonly ContainerProcess[];
}
