import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Who signs: an Issuer of the same namespace, or one of the whole cluster. */
export interface IssuerReference {
  readonly name: string;
  readonly kind: "ClusterIssuer" | "Issuer";
}

/** A certificate that cert-manager orders, keeps in a Secret and renews. */
export interface CertificateSpec {
  /** Secret for `tls.crt`, `tls.key` and, where the issuer tells it, `ca.crt`. */
  readonly secretName: string;
  /** Names that it holds for. */
  readonly dnsNames: readonly string[];
  readonly issuerRef: IssuerReference & { readonly group: "cert-manager.io" };
  /** How long it holds, such as `8760h`; some issuers decide that themselves. */
  readonly duration?: string;
  /** How long before its end a new one is ordered. */
  readonly renewBefore?: string;
  readonly privateKey: {
    readonly algorithm: "ECDSA";
    readonly size: 256;
    /** Java reads no other form. */
    readonly encoding: "PKCS8";
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
