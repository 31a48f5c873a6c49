import type { Field } from "./rule/field";
import type { PodTemplate } from "./rule/pod-templates";
import type { Finding } from "./rule/rule";

/** The security context of the pod, or of one of its containers. */
interface SecurityContext {
  /** For messages: `the pod`, `container "runner"`. */
  readonly label: string;
  readonly fields: Field;
}

const allowedSeLinuxTypes = new Set([
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
]);
const allowedProfiles = new Set(["RuntimeDefault", "Localhost"]);

/**
 * Finds the rights that a pod's processes have beyond a plain user's.
 *
 * @param minimumUserId - lowest allowed runAsUser
 */
export function* findContainerPrivileges(pod: PodTemplate, minimumUserId: number): Iterable<Finding> {
  const containers = pod.containers.map(({ label, fields }) => ({
    label,
    fields: fields.at("securityContext"),
  }));
  const podContext = { label: "the pod", fields: pod.spec.at("securityContext") };
  const everywhere = [podContext, ...containers];
  yield* findApiToken(pod);
  for (const context of everywhere) {
    yield* findRootUser(context, minimumUserId);
    yield* findSeLinux(context);
    yield* findHostProcess(context);
    yield* findProfile(context, "appArmorProfile");
    yield* findProfile(context, "seccompProfile");
    yield* findExplicit(
      context,
      "runAsNonRoot",
      false,
      "set it to true, and runAsUser to a user other than 0",
    );
  }
  for (const context of containers) {
    yield* findExplicit(context, "privileged", true, "leave it out");
    yield* findProcMount(context);
    yield* findAddedCapabilities(context);
  }
  yield* findAppArmorAnnotations(pod.metadata);
  if (pod.isWhole) yield* findMissing(podContext, containers);
}

/** What has to be written, because Kubernetes' own default is the wider one. */
function* findMissing(pod: SecurityContext, containers: readonly SecurityContext[]): Iterable<Finding> {
  for (const context of containers) {
    yield* findInherited(context, pod, ["runAsNonRoot"], "true, in the pod's securityContext");
    yield* findInherited(
      context,
      pod,
      ["seccompProfile", "type"],
      "RuntimeDefault, in the pod's securityContext",
      "RuntimeDefault",
    );
    yield* findUnlike(context, "allowPrivilegeEscalation", false);
    yield* findUnlike(context, "readOnlyRootFilesystem", true);
    yield* findKeptCapabilities(context);
  }
}

function* findApiToken({ spec, isWhole }: PodTemplate): Iterable<Finding> {
  const field = spec.at("automountServiceAccountToken");
  if (field.value === false || field.isUnknown || (field.isAbsent && !isWhole)) return;
  yield {
    field,
    found: `the pod gets a token for the Kubernetes API (automountServiceAccountToken is ${field.shown})`,
    fix: "set it to false; a pod that calls the API mounts a projected volume with a serviceAccountToken",
    repair: false,
  };
}

function* findRootUser({ label, fields }: SecurityContext, minimum: number): Iterable<Finding> {
  const field = fields.at("runAsUser");
  if (field.number === undefined || field.number >= minimum) return;
  const who = field.number === 0 ? "as root (runAsUser 0)" : `as user ${field.number}, below ${minimum}`;
  yield { field, found: `${label} runs ${who}`, fix: `set runAsUser to ${Math.max(minimum, 1000)} or above` };
}

function* findSeLinux({ label, fields }: SecurityContext): Iterable<Finding> {
  const options = fields.at("seLinuxOptions");
  for (const key of ["type", "user", "role"]) {
    const field = options.at(key);
    const allowed = key === "type" ? allowedSeLinuxTypes : new Set([""]);
    if (field.text === undefined || allowed.has(field.text)) continue;
    yield { field, found: `${label} sets the SELinux ${key} ${field.shown}`, fix: "leave it out" };
  }
}

function* findHostProcess({ label, fields }: SecurityContext): Iterable<Finding> {
  const field = fields.at("windowsOptions", "hostProcess");
  if (field.value === true)
    yield { field, found: `${label} runs as a process of the node`, fix: "leave it out" };
}

function* findProfile(
  { label, fields }: SecurityContext,
  kind: "appArmorProfile" | "seccompProfile",
): Iterable<Finding> {
  const field = fields.at(kind, "type");
  if (field.text === undefined || allowedProfiles.has(field.text)) return;
  yield { field, found: `${label} sets ${kind} to ${field.shown}`, fix: "set it to RuntimeDefault" };
}

function* findAppArmorAnnotations(metadata: Field): Iterable<Finding> {
  for (const [key, field] of metadata.at("annotations").entries) {
    if (!key.startsWith("container.apparmor.security.beta.kubernetes.io/") || field.text === undefined)
      continue;
    if (["", "runtime/default"].includes(field.text) || field.text.startsWith("localhost/")) continue;
    yield {
      field,
      found: `an annotation sets the AppArmor profile ${field.shown}`,
      fix: "set it to runtime/default",
    };
  }
}

function* findProcMount({ label, fields }: SecurityContext): Iterable<Finding> {
  const field = fields.at("procMount");
  if (field.text === undefined || field.text === "Default") return;
  yield { field, found: `${label} mounts /proc as ${field.shown}`, fix: "leave procMount out" };
}

function* findAddedCapabilities({ label, fields }: SecurityContext): Iterable<Finding> {
  for (const field of fields.at("capabilities", "add").items) {
    if (field.text === undefined || field.text === "NET_BIND_SERVICE") continue;
    yield { field, found: `${label} adds the capability ${field.text}`, fix: "leave it out" };
  }
}

function* findKeptCapabilities({ label, fields }: SecurityContext): Iterable<Finding> {
  const field = fields.at("capabilities", "drop");
  if (field.isUnknown || field.items.some((item) => item.isUnknown || item.text === "ALL")) return;
  yield { field, found: `${label} keeps capabilities (it drops ${field.shown})`, fix: 'drop ["ALL"]' };
}

function* findExplicit(
  { label, fields }: SecurityContext,
  key: string,
  forbidden: boolean,
  fix: string,
): Iterable<Finding> {
  const field = fields.at(key);
  if (field.value === forbidden) yield { field, found: `${label} has ${key} ${forbidden}`, fix };
}

/** Finds a container that neither sets a field nor inherits it from the pod. */
function* findInherited(
  { label, fields }: SecurityContext,
  pod: SecurityContext,
  path: readonly string[],
  wanted: string,
  repair?: string,
): Iterable<Finding> {
  const field = fields.at(...path);
  if (!field.isAbsent || !pod.fields.at(...path).isAbsent) return;
  const found = `neither ${label} nor its pod sets ${path.join(".")}`;
  yield { field, found, fix: `set it to ${wanted}`, ...(repair !== undefined && { repair }) };
}

/** Finds a container that does not set a field to the one safe value. */
function* findUnlike({ label, fields }: SecurityContext, key: string, wanted: boolean): Iterable<Finding> {
  const field = fields.at(key);
  if (field.value === wanted || field.isUnknown) return;
  yield { field, found: `${label} has ${key} ${field.shown}`, fix: `set it to ${wanted}` };
}
