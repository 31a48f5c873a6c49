import type * as pulumi from "@pulumi/pulumi";
import { Component } from "./component";
import { Certificate, type IssuerReference } from "./workload/cert-manager";

/** Who signs the platform's certificates. */
export interface CertificateSettings {
  /** For the edge, whose clients are anybody. @default none: the edge's Secret is somebody else's */
  readonly edgeIssuer?: IssuerReference;
  /** For Kafka, SQL and Redis, whose clients are the platform's own. @default none: their Secrets are somebody else's */
  readonly internalIssuer?: IssuerReference;
  /** PEM of the internal issuer's authority, for clients. @default a public authority */
  readonly caCertificate?: string;
}

/** How a server of the platform shows who it is. */
export interface ServerTls {
  /** Secret in the namespace with `tls.crt`, `tls.key` (PKCS #8) and `ca.crt`. */
  readonly secretName: string;
  /** PEM of the authority, for clients. @default a public authority */
  readonly caCertificate?: string;
}

/** Arguments of {@link PlatformCertificates}. */
export interface PlatformCertificatesArgs {
  readonly namespace: pulumi.Input<string>;
  readonly settings: CertificateSettings;
}

/**
 * Orders certificates of cert-manager, which the cluster must have. Servers read a certificate when they start, so those
 * inside hold for a year and are renewed a quarter before: any roll in between takes the new one up.
 */
export class PlatformCertificates extends Component {
  private readonly args: PlatformCertificatesArgs;

  constructor(name: string, args: PlatformCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:Certificates", name, opts);
    this.args = args;
    this.registerOutputs({});
  }

  /**
   * The certificate of a server inside.
   *
   * @param system - names the objects
   * @returns undefined where nobody signs any
   */
  internal(system: string, dnsNames: readonly string[]): ServerTls | undefined {
    const { internalIssuer, caCertificate } = this.args.settings;
    if (internalIssuer === undefined) return undefined;
    const lifetime = { duration: "8760h", renewBefore: "2160h" };
    const secretName = this.order(system, internalIssuer, dnsNames, lifetime);
    return { secretName, ...(caCertificate !== undefined && { caCertificate }) };
  }

  /**
   * The certificate of the edge.
   *
   * @returns name of its Secret; undefined where nobody signs it
   */
  edge(system: string, hostname: string): string | undefined {
    const { edgeIssuer } = this.args.settings;
    return edgeIssuer && this.order(system, edgeIssuer, [hostname], {});
  }

  private order(
    system: string,
    issuer: IssuerReference,
    dnsNames: readonly string[],
    lifetime: { readonly duration?: string; readonly renewBefore?: string },
  ): string {
    const secretName = `${system}-certificate`;
    this.child(Certificate, system, {
      metadata: {
        name: secretName,
        namespace: this.args.namespace,
        labels: { "app.kubernetes.io/part-of": "algo.run", "app.kubernetes.io/managed-by": "pulumi" },
      },
      spec: {
        secretName,
        dnsNames,
        issuerRef: { ...issuer, group: "cert-manager.io" },
        ...lifetime,
        privateKey: { algorithm: "ECDSA", size: 256, encoding: "PKCS8", rotationPolicy: "Always" },
        // Nodes of Kafka and replicas of Redis are clients of each other.
        usages: ["digital signature", "server auth", "client auth"],
      },
    });
    return secretName;
  }
}
