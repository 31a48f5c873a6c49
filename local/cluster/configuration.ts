import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import type { Pki, SubjectName } from "../certificates/pki";
import { writePrivate } from "../files";
import type { Layout } from "../layout";
import type { Ports } from "../process/ports";

/** Those who log in to the API server. */
const clients = [
  "admin",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const satisfies SubjectName[];
export type ClientName = (typeof clients)[number];

/** The context of every kubeconfig here. */
export const context = "algorun-dev";

/** The kubeconfig of one client; the administrator's is the one for people. */
export function kubeconfigOf(layout: Layout, client: ClientName): string {
  return client === "admin" ? layout.kubeconfig : join(layout.cluster, `${client}.kubeconfig`);
}

/** The API server's settings of who may come in. */
export function authenticationFile(layout: Layout): string {
  return join(layout.cluster, "authentication.yaml");
}

/** Writes the configuration files of the control plane. */
export function writeConfiguration(layout: Layout, pki: Pki, ports: Ports): void {
  writePrivate(authenticationFile(layout), dump(authentication));
  for (const client of clients)
    writePrivate(kubeconfigOf(layout, client), dump(kubeconfig(client, pki, ports)));
}

/** Without a certificate or token one can ask the API server whether it is well, and nothing else. */
const authentication = {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AuthenticationConfiguration",
  anonymous: {
    enabled: true,
    conditions: [{ path: "/healthz" }, { path: "/livez" }, { path: "/readyz" }],
  },
};

function kubeconfig(client: ClientName, pki: Pki, ports: Ports): object {
  const { certificate, key } = pki.of(client);
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: context,
        cluster: {
          server: `https://127.0.0.1:${ports.apiServer}`,
          "certificate-authority-data": base64(pki.authority),
        },
      },
    ],
    users: [
      {
        name: client,
        user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user: client } }],
    "current-context": context,
  };
}

function base64(path: string): string {
  return readFileSync(path).toString("base64");
}
