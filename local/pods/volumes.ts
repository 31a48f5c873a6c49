import { join } from "node:path";
import { UserError } from "../user-error";
import type { PodContext } from "./container-process";
import { objectKey, type ContainerObject, type Texts, type VolumeObject } from "./kubernetes-objects";
import type { MountedFile, PodProcesses } from "./pod-processes";
import type { Replacements } from "./replacements";

/** What a container finds in its volumes, and where. */
export interface LaidVolumes {
  /** Mount paths, and what is there in their place. */
  readonly paths: Replacements;
  readonly folders: PodProcesses["folders"];
  readonly files: readonly MountedFile[];
}

/** For the user of this machine alone, whatever a volume's mode is: other users of the machine are no containers. */
const privateMode = 0o600;

/**
 * Lays down the volumes of one container. What several containers share is one folder; ConfigMaps and Secrets are laid down
 * for each, since paths in them mean what they mean to that container.
 *
 * @param claims - folders of the pod's claims by name
 * @param folder - of the pod
 * @throws UserError when a volume is of a kind that has no counterpart here, or what it shows is not there
 */
export function layDown(
  { name, volumeMounts }: ContainerObject,
  volumes: readonly VolumeObject[],
  claims: Readonly<Record<string, string>>,
  folder: string,
  context: PodContext,
): LaidVolumes {
  const mounts = volumeMounts.map((mount) => {
    const claim = claims[mount.name];
    if (claim !== undefined) return shared(mount, claim, true);
    const volume = volumes.find((candidate) => candidate.name === mount.name);
    if (volume?.emptyDir !== undefined) return shared(mount, join(folder, "volumes", mount.name), false);
    const own = join(folder, name, mount.mountPath);
    const files = volumeFiles(volume, mount.name, context);
    if (mount.subPath === undefined) return laid(mount.mountPath, own, files);
    const content = files[mount.subPath];
    if (content === undefined)
      throw new UserError(`${whereIs(context)}: volume ${mount.name} has no file ${mount.subPath}`);
    return { paths: { [mount.mountPath]: own }, folders: [], files: [file(own, content)] };
  });
  return {
    paths: Object.fromEntries(mounts.flatMap(({ paths }) => Object.entries(paths))),
    folders: mounts.flatMap(({ folders }) => folders),
    files: mounts.flatMap(({ files }) => files),
  };
}

type Mount = ContainerObject["volumeMounts"][number];

function shared({ mountPath, subPath = "" }: Mount, path: string, persists: boolean): LaidVolumes {
  const target = join(path, subPath);
  return { paths: { [mountPath]: target }, folders: [{ path: target, persists }], files: [] };
}

function laid(mountPath: string, folder: string, files: Texts): LaidVolumes {
  return {
    paths: { [mountPath]: folder },
    folders: [{ path: folder, persists: false }],
    files: Object.entries(files).map(([name, content]) => file(join(folder, name), content)),
  };
}

function file(path: string, content: string): MountedFile {
  return { path, content, mode: privateMode };
}

function volumeFiles(volume: VolumeObject | undefined, name: string, context: PodContext): Texts {
  const { objects, namespace } = context;
  if (volume?.configMap !== undefined) {
    const texts = objects.configMaps[objectKey(namespace, volume.configMap.name)];
    return chosen(texts, volume.configMap.items, `ConfigMap ${volume.configMap.name}`, context);
  }
  if (volume?.secret !== undefined) {
    const texts = objects.secrets[objectKey(namespace, volume.secret.secretName)];
    return chosen(texts, volume.secret.items, `Secret ${volume.secret.secretName}`, context);
  }
  const kinds = Object.keys(volume ?? {}).filter((key) => key !== "name");
  throw new UserError(
    `${whereIs(context)}: volume ${name}: found ${kinds.join(", ") || "none"}, expected a configMap, a secret, an emptyDir or a claim`,
  );
}

function chosen(
  texts: Texts | undefined,
  items: readonly { readonly key: string; readonly path: string }[] | undefined,
  what: string,
  context: PodContext,
): Texts {
  if (texts === undefined) throw new UserError(`${whereIs(context)}: ${what} is not there`);
  if (items === undefined) return texts;
  return Object.fromEntries(
    items.map(({ key, path }) => {
      const text = texts[key];
      if (text === undefined) throw new UserError(`${whereIs(context)}: ${what} has no key ${key}`);
      return [path, text];
    }),
  );
}

function whereIs({ namespace, name }: PodContext): string {
  return `Pod ${namespace}/${name}`;
}
