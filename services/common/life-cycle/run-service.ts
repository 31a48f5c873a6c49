import { ConfigError } from "../configuration/read-config";
import type { Logger } from "../monitoring/logger";

/** A service that has started. */
export interface RunningService {
  readonly logger: Logger;
  /** Where it depends on the configuration; see {@link ServiceOptions}. */
  readonly drainSeconds?: number;
  /** Takes nothing new, ends what was begun, and lets go of everything. */
  drain(): Promise<void>;
}

/** How a service ends. */
export interface ServiceOptions {
  /** Most time for {@link RunningService.drain}: less than the pod's grace period, which ends by SIGKILL. @default 55 */
  readonly drainSeconds?: number;
}

/** Exit code of a program whose configuration is wrong: a restart does not help. */
const wrongConfiguration = 2;

/**
 * Runs a service until SIGTERM or SIGINT; then it drains, and the process ends with 0. A second signal, or a drain that
 * takes too long, ends it with 1, as does an error that nobody caught.
 */
export function runService(
  start: () => Promise<RunningService>,
  { drainSeconds = 55 }: ServiceOptions = {},
): void {
  let service: RunningService | undefined;
  const fail = (error: unknown): void => {
    const logged = service?.logger;
    if (logged === undefined) console.error(error);
    else logged.fatal({ err: error }, "ended by an error that nobody caught");
    process.exit(1);
  };
  process.once("uncaughtException", fail);
  process.once("unhandledRejection", fail);
  start().then(
    (running) => {
      service = running;
      drainOnSignal(running, running.drainSeconds ?? drainSeconds);
    },
    (error: unknown) => {
      if (!(error instanceof ConfigError)) {
        fail(error);
        return;
      }
      for (const problem of error.problems) console.error(problem);
      process.exit(wrongConfiguration);
    },
  );
}

function drainOnSignal(service: RunningService, drainSeconds: number): void {
  const { logger } = service;
  let draining = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (draining) {
      logger.error({ signal }, "ended by a second signal");
      process.exit(1);
    }
    draining = true;
    logger.info({ signal }, "draining");
    setTimeout(() => {
      logger.error({ drainSeconds }, "not drained in time");
      process.exit(1);
    }, drainSeconds * 1000).unref();
    service.drain().then(
      () => {
        logger.info("drained");
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, "not drained");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
