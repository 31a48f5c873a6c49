import { X509Certificate, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "../layout";
import { createAuthority, issue, type Subject } from "./authority";

/** Everybody in the environment who shows a certificate: servers on loopback, and clients by name and group. */
const subjects = {
  "kube-apiserver": { commonName: "kube-apiserver", server: true, client: true },
  "kube-controller-manager": { commonName: "system:kube-controller-manager", server: true, client: true },
  "kube-scheduler": { commonName: "system:kube-scheduler", server: true, client: true },
  etcd: { commonName: "etcd", server: true, client: true },
  kafka: { commonName: "kafka", server: true, client: true },
  kwok: { commonName: "kwok", server: false, client: true },
  // The group to which Kubernetes grants everything, as kubeadm does for its administrator.
  admin: { commonName: "admin", organization: "system:masters", server: false, client: true },
} as const satisfies Record<string, Subject>;

export type SubjectName = keyof typeof subjects;

/** PEM files of one subject. */
export interface KeyPairFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The files of the environment's own public key infrastructure. */
export interface Pki {
  /** Certificate of the authority. */
  readonly authority: string;
  /** Signs the tokens of service accounts. */
  readonly serviceAccounts: { readonly publicKey: string; readonly privateKey: string };
  of(name: SubjectName): KeyPairFiles;
}

/** Certificates are replaced when they have less than this to live, in milliseconds (30 days). */
const renewBefore = 30 * 24 * 3600 * 1000;

/** Makes the authority and all certificates, or keeps those that are there and still valid. */
export async function ensurePki(layout: Layout): Promise<Pki> {
  const pki = filesIn(layout.pki);
  if (!existsSync(pki.authority) || expiresSoon(pki.authority)) {
    const unfinished = `${layout.pki}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    await generate(unfinished);
    rmSync(layout.pki, { recursive: true, force: true });
    renameSync(unfinished, layout.pki);
  }
  return pki;
}

async function generate(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const files = filesIn(directory);
  const authority = await createAuthority();
  write(files.authority, authority.pem);
  for (const [name, subject] of Object.entries(subjects)) {
    const issued = await issue(authority, subject);
    write(join(directory, `${name}.crt`), issued.certificate);
    write(join(directory, `${name}.key`), issued.key);
  }
  const tokens = generateKeyPairSync("rsa", {
    modulusLength: 3072,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  write(files.serviceAccounts.publicKey, tokens.publicKey);
  write(files.serviceAccounts.privateKey, tokens.privateKey);
}

function filesIn(directory: string): Pki {
  return {
    authority: join(directory, "ca.crt"),
    serviceAccounts: {
      publicKey: join(directory, "service-accounts.pub"),
      privateKey: join(directory, "service-accounts.key"),
    },
    of: (name) => ({ certificate: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) }),
  };
}

function expiresSoon(certificate: string): boolean {
  const { validTo } = new X509Certificate(readFileSync(certificate));
  return Date.parse(validTo) - Date.now() < renewBefore;
}

function write(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
}
