import {
  DeploymentWorkload,
  type DeploymentWorkloadArgs,
} from "../../../components/workload/deployment-workload";
import { podsOf } from "../../../components/workload/network-policy";
import { httpProbe, tcpProbe } from "../../../components/workload/probes";
import {
  StatefulSetWorkload,
  type StatefulSetWorkloadArgs,
} from "../../../components/workload/stateful-set-workload";
import { deploy, type RegisteredResource } from "../../harness/deploy";

/** A Deployment with a port for clients and one for metrics. */
export const shop: DeploymentWorkloadArgs = {
  namespace: "shop",
  app: { name: "till", component: "site", version: "1.2+3" },
  containers: [
    {
      name: "till",
      image: "registry.example/till:1.2",
      ports: [
        { name: "http", port: 8080, servicePort: 80, clients: "anyone" },
        { name: "metrics", port: 9000, clients: [podsOf("prometheus", "platform")] },
      ],
      probes: { liveness: tcpProbe("http"), readiness: httpProbe("http", "/ready") },
    },
  ],
};

/** A StatefulSet with a volume. */
export const ledger: StatefulSetWorkloadArgs = {
  ...shop,
  claims: { data: { size: "1Gi" } },
  containers: shop.containers.map((container) => ({
    ...container,
    mounts: [{ volume: "data", path: "/data" }],
  })),
};

/** What a Deployment `till` registers. */
export async function deployment(args: DeploymentWorkloadArgs): Promise<readonly RegisteredResource[]> {
  return (await deploy(() => new DeploymentWorkload("till", args))).resources;
}

/** What a StatefulSet `till` registers. */
export async function statefulSet(args: StatefulSetWorkloadArgs): Promise<readonly RegisteredResource[]> {
  return (await deploy(() => new StatefulSetWorkload("till", args))).resources;
}
