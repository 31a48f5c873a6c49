import * as pulumi from "@pulumi/pulumi";
import { Component } from "./component";
import type { KafkaTls } from "./data/kafka/kafka-cluster-args";
import {
  serverCertificates,
  type CertificateArgs,
  type ServerCertificate,
  type TlsSystem,
} from "./server-certificates";
import { Certificate, type IssuerReference } from "./workload/cert-manager";
import { ownershipLabels } from "./workload/labels";
import type { ServerTls } from "./workload/server-tls";

/** Who signs the certificates of a platform. */
export interface CertificateSettings {
  /** For what runs in the cluster, and for the edge unless there is another one for it. */
  readonly issuer: IssuerReference;
  /** For the edge, whose clients are anybody. @default issuer */
  readonly edgeIssuer?: IssuerReference;
  /** PEM of the authority behind `issuer`, by which clients check whom they talk to. */
  readonly caCertificate: string;
}

/** How the systems that speak TLS show who they are; the others are left out. */
export interface PlatformTls {
  readonly ambassador?: ServerTls;
  readonly kafka?: KafkaTls;
  readonly redis?: ServerTls;
  readonly sql?: ServerTls;
}

/** Orders the certificates that are to be ordered, and says for each system which Secret it has. */
export function makeCertificates(
  name: string,
  args: CertificateArgs,
  namespace: pulumi.Input<string>,
  opts: pulumi.ComponentResourceOptions,
): PlatformTls {
  const { certificates: settings, kafka } = args;
  const certificates = serverCertificates(args);
  const ordered = settings && new PlatformCertificates(name, { ...settings, namespace, certificates }, opts);
  const tlsOf = (system: TlsSystem): ServerTls | undefined => {
    const secretName = ordered?.secretName(system) ?? certificates.get(system)?.secretName;
    return secretName === undefined ? undefined : { secretName };
  };
  const [edge, brokers, redis, sql] = [tlsOf("ambassador"), tlsOf("kafka"), tlsOf("redis"), tlsOf("sql")];
  const stated = kafka.mode === "cluster" ? kafka.tls : undefined;
  const caCertificate = stated === undefined ? settings?.caCertificate : stated.caCertificate;
  return {
    ...(edge && { ambassador: edge }),
    ...(brokers && { kafka: { ...brokers, ...(caCertificate !== undefined && { caCertificate }) } }),
    ...(redis && { redis }),
    ...(sql && { sql }),
  };
}

/** Arguments of {@link PlatformCertificates}. */
export interface PlatformCertificatesArgs extends CertificateSettings {
  readonly namespace: pulumi.Input<string>;
  /** Those that are ordered are made. */
  readonly certificates: ReadonlyMap<TlsSystem, ServerCertificate>;
}

/** Has Pulumi wait for the Secret, and say what cert-manager says when there is none to come. */
const waitUntilReady = { "pulumi.com/waitFor": "condition=Ready" } as const;

/** A year, and a quarter of it for whatever replaces the pods next. */
const lifetimeInside = { duration: "8760h", renewBefore: "2160h" } as const;

const serverUsages = ["digital signature", "server auth"] as const;

/**
 * Orders certificates of cert-manager, which the cluster must have.
 *
 * Servers inside read theirs when they start, so it holds for a year and is renewed a quarter of a year before its end:
 * whatever replaces the pods in between takes the new one up. Nothing here sees that cert-manager has changed a Secret.
 */
export class PlatformCertificates extends Component {
  private readonly secretNames = new Map<TlsSystem, pulumi.Output<string>>();

  constructor(name: string, args: PlatformCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:Certificates", name, opts);
    for (const [system, certificate] of args.certificates) {
      if (certificate.isOrdered) this.secretNames.set(system, this.order(system, certificate, args));
    }
    this.registerOutputs({});
  }

  /**
   * The Secret of a system, known once it is filled. Of the edge it is known at once: an issuer of the world's may have
   * to reach the edge before it signs.
   *
   * @returns undefined for a system whose certificate somebody else makes
   */
  secretName(system: TlsSystem): pulumi.Output<string> | undefined {
    return this.secretNames.get(system);
  }

  private order(
    system: TlsSystem,
    certificate: ServerCertificate,
    args: PlatformCertificatesArgs,
  ): pulumi.Output<string> {
    const { secretName, dnsNames, ipAddresses } = certificate;
    const isEdge = system === "ambassador";
    const issuer = isEdge ? (args.edgeIssuer ?? args.issuer) : args.issuer;
    const made = this.child(
      Certificate,
      system,
      {
        metadata: {
          name: secretName,
          namespace: args.namespace,
          labels: { ...ownershipLabels },
          ...(!isEdge && { annotations: { ...waitUntilReady } }),
        },
        spec: {
          secretName,
          dnsNames,
          ...(ipAddresses.length > 0 && { ipAddresses }),
          issuerRef: { ...issuer, group: "cert-manager.io" },
          ...(!isEdge && lifetimeInside),
          privateKey: { algorithm: "ECDSA", size: 256, encoding: "PKCS8", rotationPolicy: "Always" },
          // Nodes of Kafka and servers of Redis are clients of each other.
          usages: isEdge ? serverUsages : [...serverUsages, "client auth"],
        },
      },
      { customTimeouts: { create: "5m", update: "5m" } },
    );
    return isEdge ? pulumi.output(secretName) : made.metadata.name;
  }
}
