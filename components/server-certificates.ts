import { isIP } from "node:net";
import { redisCertificateNames } from "./backend/redis/redis";
import { hostAndPort } from "./data/kafka/host-and-port";
import { certificateNames } from "./data/kafka/kafka-cluster";
import { edgeCertificateNames } from "./ingress/ambassador-pods";
import type { PlatformArgs } from "./platform-args";
import { systemNames as names } from "./system-names";
import { headlessSuffix } from "./workload/stateful-set-workload";

/** Systems of the platform that can speak TLS in the cluster. */
export type TlsSystem = "ambassador" | "kafka" | "redis" | "sql";

/** The certificate of a system: its Secret, and what it holds for. */
export interface ServerCertificate {
  /** Secret in the platform's namespace with `tls.crt`, `tls.key` and, but for the edge, `ca.crt`. */
  readonly secretName: string;
  /** Whether cert-manager is asked for it; else somebody else makes the Secret. */
  readonly isOrdered: boolean;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/** What decides who speaks TLS. */
export type CertificateArgs = Pick<
  PlatformArgs,
  "ambassador" | "certificates" | "kafka" | "namespace" | "redis" | "sql"
>;

/**
 * Which systems of a platform speak TLS, with which Secret and for which names: each whose Secret the settings name, and
 * with an issuer every one that runs in the cluster.
 */
export function serverCertificates(args: CertificateArgs): ReadonlyMap<TlsSystem, ServerCertificate> {
  const { ambassador, kafka, redis, sql, namespace } = args;
  const certificates = new Map<TlsSystem, ServerCertificate>();
  const add = (system: TlsSystem, statedSecret: string | undefined, hosts: readonly string[]): void => {
    if (statedSecret === undefined && args.certificates === undefined) return;
    certificates.set(system, {
      secretName: statedSecret ?? `${names[system]}-certificate`,
      isOrdered: statedSecret === undefined,
      dnsNames: hosts.filter((host) => isIP(host) === 0),
      ipAddresses: hosts.filter((host) => isIP(host) !== 0),
    });
  };
  add(
    "ambassador",
    ambassador.tlsSecretName,
    edgeCertificateNames(names.ambassador, namespace, ambassador.hostname),
  );
  if (kafka.mode === "cluster") {
    const outside = (kafka.external?.addresses ?? []).map((address) => hostAndPort(address).host);
    const inside = certificateNames(names.kafka, namespace);
    add("kafka", kafka.tls?.secretName, [...new Set([...inside, ...outside])]);
  }
  if (redis.mode === undefined || redis.mode === "cluster")
    add("redis", redis.tls?.secretName, redisCertificateNames(names.redis, namespace));
  if (sql.mode === undefined || sql.mode === "cluster")
    add("sql", sql.tls?.secretName, storedNames(names.sql, namespace));
  return certificates;
}

/** Names of a system with a Service and pods with names of their own. */
function storedNames(name: string, namespace: string): readonly string[] {
  return [`${name}.${namespace}.svc`, `*.${name}-${headlessSuffix}.${namespace}.svc`];
}
