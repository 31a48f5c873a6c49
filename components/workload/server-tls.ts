import type * as pulumi from "@pulumi/pulumi";

/** How a server in the cluster shows who it is. */
export interface ServerTls {
  /** Secret in the namespace with `tls.crt`, `tls.key` and `ca.crt`, such as cert-manager makes it. */
  readonly secretName: pulumi.Input<string>;
}
