import { join } from "node:path";
import type { KeyPairFiles, Pki, SubjectName } from "../certificates/pki";
import type { Layout } from "../layout";
import type { ProcessSpec } from "../process/managed-process";
import type { Ports } from "../process/ports";
import { authenticationFile, kubeconfigOf } from "./configuration";

/** Addresses of Services and pods. Nothing outside the simulated cluster is reached under them. */
const serviceRange = "10.96.0.0/16";
export const podRange = "10.244.0.0/16";

/**
 * The controllers' own client limits are what bounds the embedded cluster: with the
 * defaults (20 requests a second) a hundred Deployments take 27 s, with these 11 s.
 */
const clientLimits = ["--kube-api-qps=500", "--kube-api-burst=1000"];

/** What the parts of the control plane are started from. */
export interface ControlPlaneInput {
  readonly layout: Layout;
  readonly pki: Pki;
  readonly ports: Ports;
  /** The program that holds all parts; its first argument says which one to be. */
  readonly program: string;
}

/** The store of the API server. It takes nobody without a certificate of the environment's authority. */
export function etcd({ layout, pki, ports, program }: ControlPlaneInput): ProcessSpec {
  const { certificate, key } = pki.of("etcd");
  const clients = loopback(ports.etcd);
  const peers = loopback(ports.etcdPeer);
  return {
    name: "etcd",
    program,
    args: [
      "etcd",
      "--name=algorun",
      `--data-dir=${join(layout.cluster, "etcd")}`,
      `--listen-client-urls=${clients}`,
      `--advertise-client-urls=${clients}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=algorun=${peers}`,
      `--cert-file=${certificate}`,
      `--key-file=${key}`,
      `--trusted-ca-file=${pki.authority}`,
      "--client-cert-auth",
      `--peer-cert-file=${certificate}`,
      `--peer-key-file=${key}`,
      `--peer-trusted-ca-file=${pki.authority}`,
      "--peer-client-cert-auth",
      "--log-level=warn",
    ],
    inputs: [pki.authority],
    ports: { client: ports.etcd, peer: ports.etcdPeer },
  };
}

/** The API server: certificates for everybody, RBAC, Pod Security admission; only its health is public. */
export function apiServer({ layout, pki, ports, program }: ControlPlaneInput): ProcessSpec {
  const server = pki.of("kube-apiserver");
  const authentication = authenticationFile(layout);
  return {
    name: "kube-apiserver",
    program,
    args: [
      "kube-apiserver",
      "--bind-address=127.0.0.1",
      `--secure-port=${ports.apiServer}`,
      // Nothing runs in the pods, so nothing looks for the API server under its Service. The
      // address must be given all the same, or a machine without a network can't start.
      "--advertise-address=192.0.2.1",
      "--endpoint-reconciler-type=none",
      ...servingFlags(server),
      `--client-ca-file=${pki.authority}`,
      `--authentication-config=${authentication}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction,PodSecurity",
      `--etcd-servers=${loopback(ports.etcd)}`,
      `--etcd-cafile=${pki.authority}`,
      `--etcd-certfile=${server.certificate}`,
      `--etcd-keyfile=${server.key}`,
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      `--service-account-key-file=${pki.serviceAccounts.publicKey}`,
      `--service-account-signing-key-file=${pki.serviceAccounts.privateKey}`,
      `--service-cluster-ip-range=${serviceRange}`,
      "--profiling=false",
    ],
    inputs: [pki.authority, authentication],
    ports: { https: ports.apiServer },
  };
}

/** The controllers of Deployments, StatefulSets, Jobs, namespaces and all the rest. */
export function controllerManager({ layout, pki, ports, program }: ControlPlaneInput): ProcessSpec {
  const kubeconfig = kubeconfigOf(layout, "kube-controller-manager");
  return {
    name: "kube-controller-manager",
    program,
    args: [
      "kube-controller-manager",
      ...clientFlags(kubeconfig, ports.controllerManager, pki, "kube-controller-manager"),
      `--root-ca-file=${pki.authority}`,
      `--service-account-private-key-file=${pki.serviceAccounts.privateKey}`,
      "--use-service-account-credentials",
      "--concurrent-deployment-syncs=20",
      "--concurrent-namespace-syncs=20",
      "--concurrent-replicaset-syncs=20",
      "--concurrent-statefulset-syncs=20",
      // Simulated nodes don't fail. Without this, one that is silent while the API server is away, or the laptop
      // asleep, takes all its pods with it, and the simulation never reports them as ready again.
      "--node-monitor-grace-period=8760h",
    ],
    inputs: [pki.authority, kubeconfig],
    ports: { https: ports.controllerManager },
  };
}

/** The scheduler. */
export function scheduler({ layout, pki, ports, program }: ControlPlaneInput): ProcessSpec {
  const kubeconfig = kubeconfigOf(layout, "kube-scheduler");
  return {
    name: "kube-scheduler",
    program,
    args: ["kube-scheduler", ...clientFlags(kubeconfig, ports.scheduler, pki, "kube-scheduler")],
    inputs: [pki.authority, kubeconfig],
    ports: { https: ports.scheduler },
  };
}

function clientFlags(kubeconfig: string, port: number, pki: Pki, name: SubjectName): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    // The cluster publishes no authority for extension API servers, which would be looked for.
    "--authentication-skip-lookup",
    `--authorization-kubeconfig=${kubeconfig}`,
    `--client-ca-file=${pki.authority}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    ...servingFlags(pki.of(name)),
    "--leader-elect=false",
    "--profiling=false",
    ...clientLimits,
  ];
}

function servingFlags(server: KeyPairFiles): readonly string[] {
  return [`--tls-cert-file=${server.certificate}`, `--tls-private-key-file=${server.key}`];
}

/** The https address of a loopback port. */
export function loopback(port: number): string {
  return `https://127.0.0.1:${port}`;
}
