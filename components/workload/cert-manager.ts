import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Who signs: an issuer of the whole cluster, or one of the same namespace. */
export interface IssuerReference {
  readonly name: string;
  readonly kind: "ClusterIssuer" | "Issuer";
}

/** A certificate that cert-manager orders, keeps in a Secret and renews. */
export interface CertificateSpec {
  /** Secret for `tls.crt`, `tls.key` and, where the issuer tells it, `ca.crt`. */
  readonly secretName: string;
  /** Names that it holds for; may begin with `*.`. */
  readonly dnsNames: readonly string[];
  /** Addresses that it holds for. @default none */
  readonly ipAddresses?: readonly string[];
  readonly issuerRef: IssuerReference & { readonly group: "cert-manager.io" };
  /** How long it holds, such as `8760h`; some issuers decide that themselves. @default 2160h */
  readonly duration?: string;
  /** How long before its end a new one is ordered. @default a third of the duration */
  readonly renewBefore?: string;
  readonly privateKey: {
    readonly algorithm: "ECDSA";
    readonly size: 256;
    /** Java reads no other form. */
    readonly encoding: "PKCS8";
    /** A new certificate has a new key. */
    readonly rotationPolicy: "Always";
  };
  readonly usages: readonly ("client auth" | "digital signature" | "server auth")[];
}

/** See {@link CertificateSpec}. */
export class Certificate extends k8s.apiextensions.CustomResource {
  constructor(
    name: string,
    args: { readonly metadata: k8s.types.input.meta.v1.ObjectMeta; readonly spec: CertificateSpec },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(name, { apiVersion: "cert-manager.io/v1", kind: "Certificate", ...args }, opts);
  }
}
