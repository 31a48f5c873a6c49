import "reflect-metadata"; // what @peculiar/x509 finds its parts by; before its own import
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** Somebody who is given a certificate. */
export interface Subject {
  /** Kubernetes takes it for the user's name. */
  readonly commonName: string;
  /** Kubernetes takes it for the user's group. */
  readonly organization?: string;
  /** Whether it may answer for loopback addresses. */
  readonly server: boolean;
  /** Whether it may log in with it. */
  readonly client: boolean;
}

/** A certificate authority that lives in memory only: its key is never written down. */
export interface Authority {
  readonly pem: string;
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** A PEM certificate and its PKCS #8 key. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** Life of every certificate, in milliseconds (two years). */
const lifetime = 2 * 365 * 24 * 3600 * 1000;

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

x509.cryptoProvider.set(webcrypto);

/** Makes a new authority. */
export async function createAuthority(): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...validity(),
      name: [{ CN: ["AlgoRun local development CA"] }],
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  return { pem: `${certificate.toString("pem")}\n`, certificate, keys };
}

/** Issues a key and a certificate to a subject. */
export async function issue(authority: Authority, subject: Subject): Promise<Issued> {
  const keys = await generateKeys();
  const usages = [
    ...(subject.server ? [x509.ExtendedKeyUsage.serverAuth] : []),
    ...(subject.client ? [x509.ExtendedKeyUsage.clientAuth] : []),
  ];
  const loopback = [
    { type: "dns", value: "localhost" },
    { type: "ip", value: "127.0.0.1" },
  ] as const;
  const certificate = await x509.X509CertificateGenerator.create(
    {
      ...validity(),
      subject: [
        ...(subject.organization === undefined ? [] : [{ O: [subject.organization] }]),
        { CN: [subject.commonName] },
      ],
      issuer: authority.certificate.subjectName,
      publicKey: keys.publicKey,
      signingKey: authority.keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(usages),
        ...(subject.server ? [new x509.SubjectAlternativeNameExtension([...loopback])] : []),
        await x509.AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
      ],
    },
    webcrypto,
  );
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key: `${x509.PemConverter.encode(key, "PRIVATE KEY")}\n`,
  };
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

/** Valid from an hour ago, so that a clock set back a little does no harm. */
function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + lifetime) };
}
