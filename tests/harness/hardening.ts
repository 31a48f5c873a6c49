import assert from "node:assert/strict";
import { z } from "zod";
import type { RegisteredResource } from "./deploy";
import { manifests } from "./manifests";
import { podTemplates, type ContainerManifest, type OwnedPodTemplate } from "./pod-templates";

const instanceLabel = "app.kubernetes.io/instance";

/** Programs that only run as the user of their image; docs/linters.md says why. That of others is nobody's on a node. */
const ownUsers: ReadonlySet<string> = new Set(["emissary-ingress", "mariadb", "postgresql"]);

const probedPort = z.looseObject({ port: z.union([z.string(), z.number()]) });

const probeSchema = z.object({
  exec: z.unknown().optional(),
  httpGet: probedPort.optional(),
  tcpSocket: probedPort.optional(),
});

/** Asserts what every workload of ours has, for all workloads among the resources; at least one must be there. */
export function assertHardened(resources: readonly RegisteredResource[]): void {
  const templates = podTemplates(resources);
  assert.ok(templates.length > 0, "there is no workload to look at");
  for (const template of templates) {
    assertPod(template);
    assertSurroundings(template, resources);
  }
}

function assertPod({ kind, name, template }: OwnedPodTemplate): void {
  const { spec, metadata } = template;
  const where = `${kind} ${name}`;
  assert.equal(spec.automountServiceAccountToken, false, `${where} mounts a token by itself`);
  assert.equal(spec.enableServiceLinks, false, `${where} gets variables of foreign Services`);
  assert.equal(
    spec["hostNetwork"] ?? spec["hostPID"] ?? spec["hostIPC"],
    undefined,
    `${where} enters the node`,
  );
  assert.equal(spec.securityContext["runAsNonRoot"], true, `${where} may run as root`);
  const { runAsUser, runAsGroup } = spec.securityContext;
  const lowest = ownUsers.has(metadata.labels["app.kubernetes.io/name"] ?? "") ? 1 : 10_000;
  assert.ok(runAsUser >= lowest && runAsGroup >= lowest, `${where} runs as user ${runAsUser}:${runAsGroup}`);
  assert.deepEqual(spec.securityContext["seccompProfile"], { type: "RuntimeDefault" }, where);
  assert.equal(metadata.labels[instanceLabel], name, `${where}: the instance label is not the name`);
  for (const label of ["name", "component", "part-of", "managed-by"]) {
    assert.ok(metadata.labels[`app.kubernetes.io/${label}`], `${where} has no label ${label}`);
  }
  if (!kind.endsWith("Job")) {
    assert.ok(spec.topologySpreadConstraints?.length, `${where} is not spread over zones`);
    assert.ok(spec.affinity, `${where} may put all its pods on one node`);
  }
  for (const container of spec.containers) assertContainer(`${where} container ${container.name}`, container);
  for (const container of spec.initContainers ?? []) {
    assertContainer(`${where} init container ${container.name}`, container);
  }
  const probed = kind.endsWith("Job")
    ? []
    : spec.containers.filter((container) => !isAlgo(template, container));
  for (const container of probed) assertProbes(`${where} ${container.name}`, container);
  assertMounts(where, template);
}

/** Only its author knows what an algo answers to: what its document says is all there is to ask. */
function isAlgo(template: OwnedPodTemplate["template"], { name }: ContainerManifest): boolean {
  return name === "algo" && template.metadata.labels["app.kubernetes.io/component"] === "algo";
}

function assertContainer(where: string, container: ContainerManifest): void {
  assert.match(
    container.image,
    /^[^/]+\.[^/]+\/.+(:[\w.-]+|@sha256:[\da-f]{64})$/,
    `${where}: image is not pinned`,
  );
  assert.doesNotMatch(container.image, /:latest$/, `${where}: image moves`);
  assert.deepEqual(
    container.securityContext,
    {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    },
    where,
  );
  for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
    assert.ok(container.resources.requests[resource], `${where} requests no ${resource}`);
    assert.ok(container.resources.limits[resource], `${where} has no limit for ${resource}`);
  }
  for (const { name, containerPort } of container.ports) {
    assert.ok(containerPort > 1024, `${where}: port ${name} needs a privilege`);
  }
  assertProbedPorts(where, container);
  // The path of a file is no secret.
  const plain = container.env.filter(({ value }) => value !== undefined && !value.startsWith("/"));
  const revealing = plain.filter(({ name }) => /passw|token|bearer|secret/i.test(name));
  assert.deepEqual(revealing, [], `${where} has a secret in a plain variable`);
}

function assertProbes(where: string, container: ContainerManifest): void {
  assert.ok(container.livenessProbe, `${where} has no liveness probe`);
  assert.ok(container.readinessProbe, `${where} has no readiness probe`);
  const [liveness, readiness] = [container.livenessProbe, container.readinessProbe].map(askedBy);
  // A server that speaks a protocol of its own through a single port can be asked nothing else.
  if (container.ports.length === 1 && liveness?.tcpSocket !== undefined) return;
  assert.notDeepEqual(liveness, readiness, `${where}: both probes ask the same`);
}

/** What a probe asks, whatever its patience. */
function askedBy(probe: unknown): z.infer<typeof probeSchema> | undefined {
  return probe === undefined ? undefined : probeSchema.parse(probe);
}

function assertProbedPorts(where: string, container: ContainerManifest): void {
  const declared = container.ports.flatMap(({ name, containerPort }) => [name, containerPort]);
  for (const probe of [container.livenessProbe, container.readinessProbe, container["startupProbe"]]) {
    const asked = askedBy(probe);
    const port = (asked?.httpGet ?? asked?.tcpSocket)?.port;
    assert.ok(
      port === undefined || declared.includes(port),
      `${where}: a probe asks an undeclared port ${port}`,
    );
  }
}

function assertMounts(where: string, template: OwnedPodTemplate["template"]): void {
  for (const container of [...template.spec.containers, ...(template.spec.initContainers ?? [])]) {
    const paths = container.volumeMounts.map(({ mountPath }) => mountPath);
    assert.ok(paths.includes("/tmp"), `${where} ${container.name} can't write to /tmp`);
    assert.equal(
      new Set(paths).size,
      paths.length,
      `${where} ${container.name} mounts two volumes at one path`,
    );
  }
}

function assertSurroundings(
  { kind, name, namespace }: OwnedPodTemplate,
  resources: readonly RegisteredResource[],
): void {
  const where = `${kind} ${name}`;
  assert.ok(namespace, `${where} has no namespace`);
  const objects = manifests(resources).filter(({ metadata }) => metadata.namespace === namespace);
  const named = (wanted: string): (typeof objects)[number] | undefined =>
    objects.find((object) => object.kind === wanted && object.metadata.name === name);
  assert.equal(
    named("ServiceAccount")?.["automountServiceAccountToken"],
    false,
    `${where} has no account of its own`,
  );
  const policy = named("NetworkPolicy")?.["spec"];
  assert.ok(policy !== undefined, `${where} has no network policy`);
  assert.ok(
    typeof policy === "object" && policy !== null && "podSelector" in policy && "policyTypes" in policy,
  );
  assert.deepEqual(policy.podSelector, { matchLabels: { [instanceLabel]: name } }, where);
  assert.deepEqual(policy.policyTypes, ["Ingress", "Egress"], where);
}
