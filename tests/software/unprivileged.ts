import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** `nobody` on Debian and most other systems. */
const nobody = 65534;

/** Who a server runs as that refuses to be root: ourselves, or nobody when we are root. */
export const unprivileged: { readonly uid: number; readonly gid: number } =
  process.getuid?.() === 0
    ? { uid: nobody, gid: nobody }
    : { uid: process.getuid?.() ?? nobody, gid: process.getgid?.() ?? nobody };

/**
 * Writes files with the owner and the mode with which the kubelet mounts a Secret for such a server: root's, and to be
 * read by the server's group. Where we are not root, they are ours alone.
 *
 * @returns the folder
 */
export function mountSecret(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(path, content);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(path, 0, unprivileged.gid);
    chmodSync(path, isRoot ? 0o440 : 0o400);
  }
  return folder;
}
