import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { languageHostName, providerVersions, pulumiVersion, type ProviderName } from "./pulumi-programs";
import {
  askVersion,
  compareVersions,
  findProgram,
  formatVersion,
  isExecutable,
  parseVersion,
  type Version,
} from "./search-path";

/** A program that the user has installed. */
export interface InstalledTool {
  readonly path: string;
  /** Without a leading `v`; empty where nothing asks for one. */
  readonly version: string;
}

/** Looks for an installed program that is good enough. The argument is the value of PATH. */
export type FindInstalled = (path: string) => Promise<InstalledTool | undefined>;

/**
 * Finds a program on the PATH by one of its names.
 *
 * @param version what makes it tell its version, and whether a version will do; without it every version does
 */
export function installedProgram(
  names: readonly string[],
  version?: { readonly args: readonly string[]; readonly accepts: (version: Version) => boolean },
): FindInstalled {
  return async (path) => {
    const found = names.map((name) => findProgram(name, path)).find((program) => program !== undefined);
    if (found === undefined) return undefined;
    if (version === undefined) return { path: found, version: "" };
    const its = await askVersion(found, version.args);
    return its && version.accepts(its) ? { path: found, version: formatVersion(its) } : undefined;
  };
}

/** A Pulumi CLI that is at least as new as the SDK, of the same major version, and has its Node language host. */
export const installedPulumi: FindInstalled = async (path) => {
  const wanted = parseVersion(pulumiVersion);
  const found = await installedProgram(["pulumi"], {
    args: ["version"],
    accepts: (version) =>
      wanted !== undefined && version[0] === wanted[0] && compareVersions(version, wanted) >= 0,
  })(path);
  if (found === undefined) return undefined;
  const folder = dirname(realpathSync(found.path));
  return isExecutable(join(folder, languageHostName)) ? found : undefined;
};

/** A provider that `pulumi plugin install` has put into the user's own PULUMI_HOME, of exactly the SDK's version. */
export function installedProvider(name: ProviderName): FindInstalled {
  return () => {
    const version = providerVersions[name];
    const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
    const path = join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
    return Promise.resolve(isExecutable(path) ? { path, version } : undefined);
  };
}

/** Where Debian and Ubuntu put the dynamic modules of nginx. */
const nginxModules = ["ngx_rtmp_module.so", "ngx_http_js_module.so"];

/** An nginx that has the modules for RTMP and for scripts at hand. */
export const installedNginx: FindInstalled = async (path) =>
  nginxModules.every((module) => existsSync(join("/usr/lib/nginx/modules", module)))
    ? installedProgram(["nginx"])(path)
    : undefined;
