import { z } from "zod";
import { dnsLabel, pemCertificates } from "./values";

const issuer = z.strictObject({
  name: dnsLabel.describe("Name of the issuer"),
  kind: z
    .enum(["ClusterIssuer", "Issuer"])
    .default("ClusterIssuer")
    .describe("Whether it is one of the whole cluster, or of the platform's namespace"),
});

/** Who signs the certificates of what runs in the cluster: cert-manager, which must be there. */
export const certificatesSchema = z.strictObject({
  issuer: issuer.describe("Issuer of cert-manager's, whose authority is your own"),
  edgeIssuer: issuer
    .optional()
    .describe("Issuer for the edge, such as one of a public authority; without it the same one"),
  caCertificate: pemCertificates.describe(
    "PEM of the authority behind issuer, by which clients check whom they talk to; it is no secret",
  ),
});
