import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { CertificateFiles } from "../software/kafka-nodes";
import { eventually, ProcessGroup } from "../software/process-group";
import type { EngineEnvironment } from "./engine-environment";

const authorityFile = join(__dirname, "..", "..", "docs", "cert-manager", "authority.yaml");

/** What the file makes. */
const authority = { namespace: "cert-manager", name: "algorun-authority" };

const apiVersion = "cert-manager.io/v1";
const certificateFiles = z.object({ "tls.crt": z.string(), "tls.key": z.string(), "ca.crt": z.string() });
const readiness = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }).optional(),
});

/** cert-manager's own controllers at work on an embedded cluster. */
export interface CertManager {
  /** PEM of the authority that docs/cert-manager/authority.yaml makes. */
  readonly caCertificate: string;
  /** Makes a further issuer of the whole cluster, which signs by the same authority. */
  makeIssuer(name: string): Promise<void>;
  /** Has a certificate made for addresses, as the program has it made for brokers. */
  issue(name: string, ipAddresses: readonly string[]): Promise<CertificateFiles>;
  stop(): Promise<void>;
}

/** Has the API server know cert-manager's kinds. */
export async function installCertManagerDefinitions(engine: EngineEnvironment): Promise<void> {
  const { "cert-manager": tool } = await resolveTools(["cert-manager"]);
  const folder = mkdtempSync(join(tmpdir(), "cert-manager-"));
  const { stdout } = await promisify(execFile)(tool.path, ["definitions"], { maxBuffer: 2 ** 24 });
  writeFileSync(join(folder, "definitions.yaml"), stdout);
  await engine.tool("kubectl", "apply", "--server-side", "-f", join(folder, "definitions.yaml"));
  rmSync(folder, { recursive: true });
  const kinds = ["certificates", "certificaterequests", "issuers", "clusterissuers"];
  const names = kinds.map((kind) => `crd/${kind}.cert-manager.io`);
  await engine.tool("kubectl", "wait", "--for=condition=Established", "--timeout=60s", ...names);
}

/** Starts cert-manager, and makes an authority as the documentation says. */
export async function startCertManager(engine: EngineEnvironment): Promise<CertManager> {
  await installCertManagerDefinitions(engine);
  const { "cert-manager": tool } = await resolveTools(["cert-manager"]);
  const folder = mkdtempSync(join(tmpdir(), "cert-manager-"));
  const group = new ProcessGroup();
  await engine.tool("kubectl", "create", "namespace", authority.namespace);
  const program = group.start({
    command: tool.path,
    args: [engine.environment.connections.kubernetes.kubeconfig],
    env: {},
    log: join(folder, "cert-manager.log"),
  });
  const apply = async (object: object): Promise<void> => {
    const file = join(folder, "object.json");
    writeFileSync(file, JSON.stringify(object));
    await engine.tool("kubectl", "apply", "-f", file);
  };
  await engine.tool("kubectl", "apply", "-f", authorityFile);
  const isReady = async (kind: string): Promise<boolean> => {
    const objects = await engine.objects(readiness, `${kind}.cert-manager.io`, "-A");
    return objects.every(({ status }) =>
      (status?.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True"),
    );
  };
  await eventually("an authority", () => isReady("clusterissuers"), { program });
  const { "ca.crt": caCertificate = "" } = await engine.secret(authority.namespace, authority.name);
  return {
    caCertificate,
    makeIssuer: async (name) => {
      const spec = { ca: { secretName: authority.name } };
      await apply({ apiVersion, kind: "ClusterIssuer", metadata: { name }, spec });
      await eventually(`issuer ${name}`, () => isReady("clusterissuers"), { program });
    },
    issue: async (name, ipAddresses) => {
      const spec = {
        secretName: name,
        ipAddresses,
        issuerRef: { name: authority.name, kind: "ClusterIssuer" },
        privateKey: { algorithm: "ECDSA", size: 256, encoding: "PKCS8", rotationPolicy: "Always" },
        usages: ["digital signature", "server auth", "client auth"],
      };
      const metadata = { name, namespace: authority.namespace };
      await apply({ apiVersion, kind: "Certificate", metadata, spec });
      await eventually(`certificate ${name}`, () => isReady("certificates"), { program });
      return certificateFiles.parse(await engine.secret(authority.namespace, name));
    },
    stop: async () => {
      await group.stopAll();
      rmSync(folder, { recursive: true });
    },
  };
}
