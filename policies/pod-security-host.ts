import type { Field } from "./rule/field";
import type { PodTemplate } from "./rule/pod-templates";
import type { Finding } from "./rule/rule";

/** Kinds of volume that reach nothing but the pod's own and what was claimed for it. */
const allowedVolumes = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/** Kernel parameters that are kept apart for each pod. */
const allowedSysctls = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);

/** Finds what joins a pod to its node: namespaces, volumes, ports, kernel parameters, probes of other hosts. */
export function* findHostAccess(pod: PodTemplate): Iterable<Finding> {
  yield* findHostNamespaces(pod.spec);
  yield* findForeignVolumes(pod.spec);
  yield* findHostPorts(pod);
  yield* findProbedHosts(pod);
  yield* findSysctls(pod.spec);
}

function* findHostNamespaces(spec: Field): Iterable<Finding> {
  for (const key of ["hostNetwork", "hostPID", "hostIPC"]) {
    const field = spec.at(key);
    if (field.value !== true) continue;
    yield { field, found: `the pod shares a namespace with its node (${key})`, fix: `leave ${key} out` };
  }
}

function* findForeignVolumes(spec: Field): Iterable<Finding> {
  for (const volume of spec.at("volumes").items) {
    for (const [kind, field] of volume.entries) {
      if (kind === "name" || field.isAbsent || allowedVolumes.has(kind)) continue;
      const found = `the volume ${volume.at("name").shown} is of kind ${kind}, outside what a restricted pod may mount`;
      yield { field, found, fix: "mount a persistentVolumeClaim, or an emptyDir when nothing must be kept" };
    }
  }
}

function* findHostPorts({ containers }: PodTemplate): Iterable<Finding> {
  for (const { label, fields } of containers) {
    for (const port of fields.at("ports").items) {
      const field = port.at("hostPort");
      if (field.number === undefined || field.number === 0) continue;
      const found = `${label} takes port ${field.number} of its node`;
      yield { field, found, fix: "leave hostPort out and reach the pod through a Service" };
    }
  }
}

function* findProbedHosts({ containers }: PodTemplate): Iterable<Finding> {
  for (const { label, fields } of containers) {
    const handlers = [
      ...["livenessProbe", "readinessProbe", "startupProbe"].map((probe) => fields.at(probe)),
      ...["postStart", "preStop"].map((hook) => fields.at("lifecycle", hook)),
    ];
    for (const handler of handlers) {
      for (const way of ["httpGet", "tcpSocket"]) {
        const field = handler.at(way, "host");
        if (field.text === undefined || field.text === "") continue;
        const found = `${label} makes the node connect to the host ${field.shown}`;
        yield { field, found, fix: "leave host out: the pod's own address is meant" };
      }
    }
  }
}

function* findSysctls(spec: Field): Iterable<Finding> {
  for (const sysctl of spec.at("securityContext", "sysctls").items) {
    const field = sysctl.at("name");
    if (field.text === undefined || allowedSysctls.has(field.text)) continue;
    const found = `the pod sets the kernel parameter ${field.text}, which is not kept apart from other pods`;
    yield { field, found, fix: "leave it out, or have it set on the node" };
  }
}
