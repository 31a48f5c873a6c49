import "reflect-metadata"; // what @peculiar/x509 finds its parts by; before its own import
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";
import type { CertificateFiles } from "./kafka-nodes";

/**
 * A certificate that is its own authority.
 *
 * @param hosts - addresses and names that it holds for
 */
export async function selfSigned(hosts: readonly string[]): Promise<CertificateFiles> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: ["kafka"] }],
      notBefore: new Date(Date.now() - 3_600_000),
      notAfter: new Date(Date.now() + 86_400_000),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.SubjectAlternativeNameExtension(
          hosts.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value })),
        ),
      ],
    },
    webcrypto,
  );
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const pem = `${certificate.toString("pem")}\n`;
  return { "tls.crt": pem, "tls.key": `${x509.PemConverter.encode(key, "PRIVATE KEY")}\n`, "ca.crt": pem };
}
