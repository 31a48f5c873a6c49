import type * as k8s from "@pulumi/kubernetes";
import type { ClaimArgs, PodArgs, VolumeArgs } from "./pod-args";

type Volume = k8s.types.input.core.v1.Volume;

/** Name of the volume at `/tmp`. */
export const tmpVolume = "tmp";
/** Name of the volume with the token for the Kubernetes API. */
export const apiAccessVolume = "kube-api-access";

/** Readable by the owner and by the group, which is the pod's. */
const secretMode = 0o440;
const publicMode = 0o444;
/** A day, as clouds' own injectors ask for; the kubelet renews a token when most of its time is over. */
const foreignTokenSeconds = 86_400;

/** The name of the ConfigMap or Secret that a workload makes for one of its volumes. */
export function ownedObjectName(workload: string, volume: string): string {
  return `${workload}-${volume}`;
}

/** The volumes of a pod: the caller's by name, `/tmp`, and the token when the API is called. */
export function podVolumes(workload: string, args: PodArgs): Volume[] {
  const declared = Object.entries(args.volumes ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
  return [
    ...declared.map(([name, volume]) => ({ name, ...volumeSource(ownedObjectName(workload, name), volume) })),
    { name: tmpVolume, emptyDir: { sizeLimit: args.tmpSizeLimit ?? "64Mi" } },
    ...(args.apiAccess === true ? [apiAccess()] : []),
  ];
}

/** Whether a volume can only be read. */
export function isReadOnly(volume: VolumeArgs | undefined): boolean {
  return volume !== undefined && !["emptyDir", "claim", "scratch"].some((kind) => kind in volume);
}

function volumeSource(owned: string, volume: VolumeArgs): Omit<Volume, "name"> {
  if ("files" in volume) return { configMap: { name: owned, defaultMode: publicMode } };
  if ("secretFiles" in volume) return { secret: { secretName: owned, defaultMode: secretMode } };
  if ("configMap" in volume) return { configMap: { name: volume.configMap, defaultMode: publicMode } };
  if ("configMaps" in volume) {
    const sources = volume.configMaps.map((name) => ({ configMap: { name } }));
    return { projected: { defaultMode: publicMode, sources } };
  }
  if ("secret" in volume) {
    const items = Object.entries(volume.items ?? {}).map(([key, path]) => ({ key, path }));
    const some = items.length === 0 ? {} : { items };
    return { secret: { secretName: volume.secret, defaultMode: secretMode, ...some } };
  }
  if ("emptyDir" in volume) return { emptyDir: { ...volume.emptyDir } };
  if ("claim" in volume) return { persistentVolumeClaim: { claimName: volume.claim } };
  if ("scratch" in volume) return { ephemeral: { volumeClaimTemplate: { spec: claimSpec(volume.scratch) } } };
  if ("serviceAccountToken" in volume) {
    const { audience } = volume.serviceAccountToken;
    const token = { path: "token", audience, expirationSeconds: foreignTokenSeconds };
    return { projected: { defaultMode: secretMode, sources: [{ serviceAccountToken: token }] } };
  }
  return { downwardAPI: { defaultMode: publicMode, items: fieldFiles(volume.podFields) } };
}

/** The specification of a claim of one pod. */
export function claimSpec({
  size,
  storageClass,
}: ClaimArgs): k8s.types.input.core.v1.PersistentVolumeClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    storageClassName: storageClass,
    resources: { requests: { storage: size } },
  };
}

function fieldFiles(
  fields: Readonly<Record<string, string>>,
): k8s.types.input.core.v1.DownwardAPIVolumeFile[] {
  return Object.entries(fields).map(([path, fieldPath]) => ({
    path,
    fieldRef: { apiVersion: "v1", fieldPath },
  }));
}

/** What the kubelet would mount by itself, but only where it is asked for. */
function apiAccess(): Volume {
  return {
    name: apiAccessVolume,
    projected: {
      defaultMode: secretMode,
      sources: [
        { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: fieldFiles({ namespace: "metadata.namespace" }) } },
      ],
    },
  };
}
