import type * as k8s from "@pulumi/kubernetes";
import { resolveResources } from "./container-resources";
import type { ContainerArgs, InitContainerArgs, MountArgs, PodArgs, VolumeArgs } from "./pod-args";
import type { PodDefaults } from "./pod-defaults";
import { apiAccessVolume, isReadOnly, tmpVolume } from "./volumes";

type Container = k8s.types.input.core.v1.Container;

/** What is the same for all containers of a pod. */
export interface ContainerContext {
  readonly pod: PodArgs;
  readonly defaults: PodDefaults;
  /** Names of the volume claims of the StatefulSet; empty elsewhere. */
  readonly claims: readonly string[];
}

/** A container with everything that is the same for all: no privilege, a read-only root, `/tmp`, resources. */
export function containerSpec(args: ContainerArgs, context: ContainerContext): Container {
  return {
    name: args.name,
    image: args.image,
    imagePullPolicy: args.imagePullPolicy ?? context.defaults.imagePullPolicy ?? "Always",
    command: args.command && [...args.command],
    args: args.args && [...args.args],
    workingDir: args.workingDirectory,
    env: unlessEmpty(environment(args)),
    ports: unlessEmpty(
      (args.ports ?? []).map(({ name, port, protocol = "TCP" }) => ({ name, containerPort: port, protocol })),
    ),
    livenessProbe: args.probes?.liveness,
    readinessProbe: args.probes?.readiness,
    startupProbe: args.probes?.startup,
    lifecycle: args.preStop && { preStop: args.preStop },
    resources: resolveResources(args.resources),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumeMounts: mounts(args, context),
  };
}

/** A container that runs before the others; a sidecar is one that Kubernetes restarts by itself. */
export function initContainerSpec(args: InitContainerArgs, context: ContainerContext): Container {
  const container = containerSpec(args, context);
  return args.sidecar === true ? { ...container, restartPolicy: "Always" } : container;
}

function environment(args: ContainerArgs): k8s.types.input.core.v1.EnvVar[] {
  const variables: [string, Omit<k8s.types.input.core.v1.EnvVar, "name">][] = [
    ...Object.entries(args.env ?? {}).map(([name, value]): [string, object] => [name, { value }]),
    ...Object.entries(args.fieldEnv ?? {}).map(([name, fieldPath]): [string, object] => [
      name,
      { valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } },
    ]),
    ...Object.entries(args.secretEnv ?? {}).map(([name, { secret, key }]): [string, object] => [
      name,
      { valueFrom: { secretKeyRef: { name: secret, key } } },
    ]),
  ];
  // Fields come first: Kubernetes expands $(NAME) only from variables that stand before.
  const rank = (name: string): number => (name in (args.env ?? {}) ? 1 : 0);
  return variables
    .sort(([left], [right]) => rank(left) - rank(right) || (left < right ? -1 : 1))
    .map(([name, value]) => ({ name, ...value }));
}

function mounts(args: ContainerArgs, context: ContainerContext): k8s.types.input.core.v1.VolumeMount[] {
  const own = (args.mounts ?? []).map((mount) => ({
    name: mount.volume,
    mountPath: mount.path,
    subPath: mount.subPath,
    readOnly: mount.readOnly ?? isReadOnly(volumeOf(mount, args, context)),
  }));
  const tmp = own.some(({ mountPath }) => mountPath === "/tmp")
    ? []
    : [{ name: tmpVolume, mountPath: "/tmp" }];
  const token =
    context.pod.apiAccess === true
      ? [
          {
            name: apiAccessVolume,
            mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
            readOnly: true,
          },
        ]
      : [];
  return [...own, ...tmp, ...token];
}

function volumeOf(mount: MountArgs, args: ContainerArgs, context: ContainerContext): VolumeArgs | undefined {
  const volume = context.pod.volumes?.[mount.volume];
  if (volume === undefined && mount.volume !== tmpVolume && !context.claims.includes(mount.volume)) {
    throw new Error(
      `container ${args.name} mounts ${mount.volume}, which is neither a volume nor a claim of its pod`,
    );
  }
  return volume;
}

/** The API server drops an empty list; written, it would look like a change for ever. */
function unlessEmpty<Item>(items: Item[]): Item[] | undefined {
  return items.length === 0 ? undefined : items;
}
