/** `nobody` on Debian and most other systems. */
const nobody = 65534;

/** Who a server runs as that refuses to be root: ourselves, or nobody when we are root. */
export const unprivileged: { readonly uid: number; readonly gid: number } =
  process.getuid?.() === 0
    ? { uid: nobody, gid: nobody }
    : { uid: process.getuid?.() ?? nobody, gid: process.getgid?.() ?? nobody };
