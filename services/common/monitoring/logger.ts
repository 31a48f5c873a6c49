import { pino, type Logger } from "pino";

export type { Logger } from "pino";

/** Who writes: in every line of the log. */
export interface ServiceIdentity {
  /** Such as `acme.orders`. */
  readonly deployment: string;
  /** Such as `acme.orders`. */
  readonly pipeline: string;
  /** Such as `endpoint`. */
  readonly component: string;
  /** Name of the pod. */
  readonly instance: string;
}

/** What the configuration of every service says: which pipeline it belongs to. */
export interface ServiceOwner {
  readonly deployment: { readonly owner: string; readonly name: string };
  readonly pipeline: { readonly owner: string; readonly name: string };
}

/** Who a service is: a component of a deployment, in a pod. */
export function serviceIdentity(
  { deployment, pipeline }: ServiceOwner,
  component: string,
  instance: string,
): ServiceIdentity {
  return {
    deployment: `${deployment.owner}.${deployment.name}`,
    pipeline: `${pipeline.owner}.${pipeline.name}`,
    component,
    instance,
  };
}

/**
 * A log of one JSON object for each line on stdout. `LOG_LEVEL` says how much of it (default: info). Neither payloads
 * nor secrets belong into it.
 */
export function createLogger(identity: ServiceIdentity): Logger {
  return pino({
    level: process.env["LOG_LEVEL"] ?? "info",
    base: { ...identity },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  });
}
