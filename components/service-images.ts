/** Images of AlgoRun's own services, which `services/` has the sources of: the one place to change their version. */
export const serviceImages = {
  gateway: "ghcr.io/algorun/gateway:0.1.0",
  runner: "ghcr.io/algorun/runner:0.1.0",
  hookRunner: "ghcr.io/algorun/hook-runner:0.1.0",
} as const;
