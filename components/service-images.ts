import { version } from "../package.json";

/** Images of AlgoRun's own services, which are released together with this program: see docs/services.md. */
export const serviceImages = {
  gateway: `ghcr.io/algorun/gateway:${version}`,
  runner: `ghcr.io/algorun/runner:${version}`,
  hookRunner: `ghcr.io/algorun/hook-runner:${version}`,
} as const;
