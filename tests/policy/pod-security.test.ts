import assert from "node:assert/strict";
import { restrictedPods } from "../../policies/pod-security";
import { goodDeployment, podSpec, runner, withField, type Data, type Path } from "./fixtures";
import { judge } from "./harness";

const security: Path = [...runner, "securityContext"];
const podSecurity: Path = [...podSpec, "securityContext"];

/** Each breaks a good Deployment in one field, and is found at that field. */
const broken: readonly (readonly [what: string, path: Path, value: Data | undefined])[] = [
  ["the node's network", [...podSpec, "hostNetwork"], true],
  ["the node's processes", [...podSpec, "hostPID"], true],
  ["the node's shared memory", [...podSpec, "hostIPC"], true],
  ["a folder of the node", [...podSpec, "volumes", 0, "hostPath"], { path: "/" }],
  ["a network file system", [...podSpec, "volumes", 0, "nfs"], { server: "nas", path: "/" }],
  ["a port of the node", [...runner, "ports", 0, "hostPort"], 8080],
  ["a probe of another host", [...runner, "livenessProbe", "httpGet", "host"], "10.0.0.1"],
  ["a readiness probe of another host", [...runner, "readinessProbe", "tcpSocket", "host"], "10.0.0.1"],
  ["a startup probe of another host", [...runner, "startupProbe", "httpGet", "host"], "10.0.0.1"],
  ["a hook that calls another host", [...runner, "lifecycle", "preStop", "httpGet", "host"], "metadata"],
  [
    "a start hook that calls another host",
    [...runner, "lifecycle", "postStart", "tcpSocket", "host"],
    "metadata",
  ],
  ["an unsafe kernel parameter", [...podSecurity, "sysctls", 0, "name"], "kernel.msgmax"],
  ["an API token", [...podSpec, "automountServiceAccountToken"], true],
  ["an API token by default", [...podSpec, "automountServiceAccountToken"], undefined],
  ["root, as the pod's user", [...podSecurity, "runAsUser"], 0],
  ["root, as a container's user", [...security, "runAsUser"], 0],
  ["a pod that may run as root", [...podSecurity, "runAsNonRoot"], false],
  ["a container that may run as root", [...security, "runAsNonRoot"], false],
  ["a foreign SELinux type", [...podSecurity, "seLinuxOptions", "type"], "spc_t"],
  ["an SELinux user", [...security, "seLinuxOptions", "user"], "system_u"],
  ["an SELinux role", [...security, "seLinuxOptions", "role"], "system_r"],
  ["a Windows host process", [...podSecurity, "windowsOptions", "hostProcess"], true],
  ["a container's Windows host process", [...security, "windowsOptions", "hostProcess"], true],
  ["no AppArmor for the pod", [...podSecurity, "appArmorProfile", "type"], "Unconfined"],
  ["no AppArmor for a container", [...security, "appArmorProfile", "type"], "Unconfined"],
  ["no seccomp for the pod", [...podSecurity, "seccompProfile", "type"], "Unconfined"],
  ["no seccomp for a container", [...security, "seccompProfile", "type"], "Unconfined"],
  ["a privileged container", [...security, "privileged"], true],
  ["an unmasked /proc", [...security, "procMount"], "Unmasked"],
  ["an added capability", [...security, "capabilities", "add", 0], "SYS_ADMIN"],
  ["kept capabilities", [...security, "capabilities", "drop"], ["KILL"]],
  ["capabilities nobody dropped", [...security, "capabilities", "drop"], undefined],
  ["privilege escalation", [...security, "allowPrivilegeEscalation"], true],
  ["privilege escalation by default", [...security, "allowPrivilegeEscalation"], undefined],
  ["a writable root", [...security, "readOnlyRootFilesystem"], false],
  ["a writable root by default", [...security, "readOnlyRootFilesystem"], undefined],
];

function placesOf(path: Path, value: Data | undefined): string[] {
  return judge(restrictedPods, withField(goodDeployment, path, value)).map(({ where }) => where);
}

function place(path: Path): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
  return `Deployment algorun-local-test/runner, ${steps.join("").slice(1)}`;
}

describe("policy restricted-pods", () => {
  it("accepts a Deployment that keeps the standard", () => {
    assert.deepEqual(judge(restrictedPods, goodDeployment), []);
  });

  for (const [what, path, value] of broken) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(placesOf(path, value), [place(path)]);
    });
  }

  it("refuses an AppArmor profile set by annotation", () => {
    const key = "container.apparmor.security.beta.kubernetes.io/runner";
    const path: Path = ["spec", "template", "metadata", "annotations", key];
    assert.deepEqual(placesOf(path, "unconfined"), [
      `Deployment algorun-local-test/runner, spec.template.metadata.annotations["${key}"]`,
    ]);
    assert.deepEqual(placesOf(path, "runtime/default"), []);
    assert.deepEqual(placesOf(path, "localhost/strict"), []);
  });

  it("finds what every container lacks when the pod does not set it", () => {
    const inherited: readonly (readonly [string, Path])[] = [
      ["runAsNonRoot", ["runAsNonRoot"]],
      ["seccompProfile.type", ["seccompProfile"]],
    ];
    for (const [name, path] of inherited) {
      assert.deepEqual(
        placesOf([...podSecurity, ...path], undefined).map((where) =>
          where.replace(/^.*template\.spec\./, ""),
        ),
        ["initContainers[0]", "containers[0]", "containers[1]"].map((at) => `${at}.securityContext.${name}`),
      );
    }
  });

  const harmless: readonly (readonly [what: string, path: Path, value: Data])[] = [
    [
      "a profile of the node's own",
      [...podSecurity, "seccompProfile"],
      { type: "Localhost", localhostProfile: "a" },
    ],
    [
      "a container type of SELinux",
      [...security, "seLinuxOptions"],
      { type: "container_kvm_t", level: "s0:c1" },
    ],
    ["port 0 of the node", [...runner, "ports", 0, "hostPort"], 0],
    ["an empty host in a probe", [...runner, "livenessProbe", "httpGet", "host"], ""],
    ["the default /proc", [...security, "procMount"], "Default"],
    ["another user id", [...security, "runAsUser"], 65534],
    ["more dropped capabilities", [...security, "capabilities", "drop"], ["KILL", "ALL"]],
    [
      "a claimed volume",
      [...podSpec, "volumes", 0],
      { name: "wal", persistentVolumeClaim: { claimName: "wal" } },
    ],
    ["labels and unknown fields", [...podSpec, "nodeSelector"], { gpu: "true" }],
  ];
  for (const [what, path, value] of harmless) {
    it(`accepts ${what}`, () => {
      assert.deepEqual(placesOf(path, value), []);
    });
  }

  it("takes the lowest user id from its configuration", () => {
    const config = { minimumUserId: 20000 };
    assert.deepEqual(
      judge(restrictedPods, goodDeployment, { config }).map(({ found, fix }) => ({ found, fix })),
      [{ found: "the pod runs as user 10001, below 20000", fix: "set runAsUser to 20000 or above" }],
    );
  });
});
