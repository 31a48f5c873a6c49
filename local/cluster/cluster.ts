import type { Pki } from "../certificates/pki";
import type { Layout } from "../layout";
import { isHealthy } from "../process/https-health";
import { ensureProcess, type ProcessSpec } from "../process/managed-process";
import type { Ports } from "../process/ports";
import { awaitReady } from "../process/readiness";
import { run } from "../process/run";
import { context, writeConfiguration } from "./configuration";
import { apiServer, controllerManager, etcd, loopback, scheduler } from "./control-plane";
import { kwok, initialObjects } from "./simulation";

/** What the embedded cluster is started from. */
export interface ClusterInput {
  readonly layout: Layout;
  readonly pki: Pki;
  readonly ports: Ports;
  /** The program that holds etcd, the control plane and KWOK. */
  readonly controlPlane: string;
  readonly kubectl: string;
}

/** How to reach the cluster. */
export interface ClusterConnection {
  /** Absolute path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly context: string;
}

/** Starts what does not run yet of the cluster, and returns when pods can be scheduled. */
export async function startCluster(input: ClusterInput): Promise<ClusterConnection> {
  const { layout, pki, ports, controlPlane } = input;
  writeConfiguration(layout, pki, ports);
  const parts = { layout, pki, ports, program: controlPlane };
  const start = async (spec: ProcessSpec, port: number, path: string): Promise<void> => {
    await ensureProcess(layout, spec);
    const client = pki.of("admin");
    await awaitReady(layout, spec.name, () => isHealthy(`${loopback(port)}${path}`, pki.authority, client));
  };

  await start(etcd(parts), ports.etcd, "/readyz");
  await start(apiServer(parts), ports.apiServer, "/readyz");
  await Promise.all([
    start(controllerManager(parts), ports.controllerManager, "/healthz"),
    start(scheduler(parts), ports.scheduler, "/healthz"),
    startNodes(input),
  ]);
  return { kubeconfig: layout.kubeconfig, context };
}

async function startNodes({ layout, controlPlane, kubectl }: ClusterInput): Promise<void> {
  const env = { ...process.env, KUBECONFIG: layout.kubeconfig };
  await run(kubectl, ["apply", "--filename", "-"], { env, input: initialObjects() });
  await ensureProcess(layout, await kwok(layout, controlPlane));
  await awaitReady(layout, "kwok", async () => {
    await run(kubectl, ["wait", "node", "--all", "--for=condition=Ready", "--timeout=3s"], { env });
    return true;
  });
}
