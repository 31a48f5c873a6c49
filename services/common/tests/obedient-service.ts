import { ConfigError } from "../configuration/read-config";
import { runService } from "../life-cycle/run-service";
import { createLogger } from "../monitoring/logger";

/** A service for tests: its argument says how it behaves. */
const behaviour = process.argv[2];
const logger = createLogger({ deployment: "", pipeline: "", component: "test", instance: "" });

runService(
  () => {
    if (behaviour === "is not configured") return Promise.reject(new ConfigError(["one problem", "another"]));
    if (behaviour === "fails")
      setTimeout(() => {
        throw new Error("nobody expects this");
      }, 1);
    // Something to run for, until it is ended.
    setInterval(() => undefined, 1_000);
    // When signals are heard.
    setImmediate(() => {
      console.log("started");
    });
    return Promise.resolve({
      logger,
      drain: () => (behaviour === "drains" ? Promise.resolve() : new Promise<void>(() => undefined)),
    });
  },
  { drainSeconds: 3 },
);
