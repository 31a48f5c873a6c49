import type { GatewayConfig, RequestPath } from "../configuration/gateway-config";
import { GatewayProblem } from "./gateway-problem";

/** Finds the path that a request is for. */
export class PathDirectory {
  private readonly deployments: ReadonlySet<string>;
  private readonly byName: ReadonlyMap<string, GatewayConfig["paths"][number]>;

  constructor({ deployment, copiesOf, paths }: Pick<GatewayConfig, "deployment" | "copiesOf" | "paths">) {
    // A request that was copied comes in under the deployment that it was for.
    this.deployments = new Set([`${deployment.owner}.${deployment.name}`, ...copiesOf]);
    this.byName = new Map(paths.map((path) => [path.name, path]));
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /**
   * @param deployment - `owner.name`; undefined: the endpoint's own
   * @param name - undefined: the default path
   * @throws GatewayProblem when there is none
   */
  find(
    deployment: string | undefined,
    name: string | undefined,
    protocol: RequestPath["protocol"],
  ): RequestPath {
    if (deployment !== undefined && !this.deployments.has(deployment))
      throw new GatewayProblem("notFound", "no such deployment here");
    const path = name === undefined ? this.defaultPath() : this.byName.get(name);
    if (path === undefined) {
      const detail =
        name === undefined
          ? "there is no default path, expected the name of a path"
          : "there is no such path";
      throw new GatewayProblem("notFound", detail);
    }
    if (path.protocol === "rtmp")
      throw new GatewayProblem("notFound", `path ${path.name} is for media streams`);
    if (path.protocol === protocol) return path;
    throw new GatewayProblem(
      "notFound",
      `path ${path.name} takes ${path.protocol === "grpc" ? "gRPC" : "HTTP"} alone`,
    );
  }

  private defaultPath(): GatewayConfig["paths"][number] | undefined {
    return [...this.byName.values()].find(({ isDefault }) => isDefault);
  }
}
