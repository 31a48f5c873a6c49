import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

const parameterization = z.object({ name: z.string(), version: z.string(), value: z.string() });

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  pulumi: z
    .object({
      resource: z.boolean().default(false),
      name: z.string().optional(),
      version: z.string().optional(),
      server: z.string().optional(),
      parameterization: parameterization.optional(),
      extensionParameterization: parameterization.optional(),
    })
    .optional(),
});

/** What a package.json says that concerns us; `pulumi` is there in packages that belong to a provider. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

/**
 * Every package below the `node_modules` of a program, each once. Links are followed; policy packs are left
 * out, since what they need is not what the program needs. Sorted by name, then version.
 */
export function installedPackages(programDirectory: string): readonly Manifest[] {
  const found: Manifest[] = [];
  collect(join(programDirectory, "node_modules"), new Set(), found);
  return found.sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** The package.json of a package that is installed for a program, if it is and can be read. */
export function installedManifest(programDirectory: string, name: string): Manifest | undefined {
  return readManifest(join(programDirectory, "node_modules", name));
}

function collect(modules: string, seen: Set<string>, found: Manifest[]): void {
  for (const directory of packageDirectories(modules)) {
    if (seen.has(directory) || existsSync(join(directory, "PulumiPolicy.yaml"))) continue;
    seen.add(directory);
    const manifest = readManifest(directory);
    if (manifest !== undefined) found.push(manifest);
    collect(join(directory, "node_modules"), seen, found);
  }
}

/** Real paths of the packages in one `node_modules`, those in scopes included. */
function packageDirectories(modules: string): readonly string[] {
  return entries(modules)
    .filter((entry) => !entry.name.startsWith("."))
    .flatMap((entry) => {
      const path = join(modules, entry.name);
      if (entry.name.startsWith("@")) return entries(path).map((scoped) => join(path, scoped.name));
      return [path];
    })
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path));
}

/** The folders and links in a folder; none if there is no such folder. */
function entries(directory: string): readonly Dirent[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() || entry.isSymbolicLink(),
  );
}

/** A package whose package.json is missing or of another shape is none that Pulumi knows anything of. */
function readManifest(directory: string): Manifest | undefined {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")));
  } catch {
    return undefined;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
