import { readFileSync } from "node:fs";
import { join } from "node:path";

import { DependencyInfo, GetProgramDependenciesResponse } from "@pulumi/pulumi/proto/language_pb";
import { z } from "zod";

import { installedManifest, installedPackages } from "./installed-packages";
import { UsageError } from "./rpc";

const programSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * The packages of a program with their installed versions, as `pulumi about` lists them.
 *
 * @param transitive - whether to list the packages of packages too
 * @throws UsageError if the program has no readable package.json
 */
export function programDependencies(
  programDirectory: string,
  transitive: boolean,
): GetProgramDependenciesResponse {
  const packages = transitive ? installedPackages(programDirectory) : directDependencies(programDirectory);
  return new GetProgramDependenciesResponse().setDependenciesList(
    packages.map(({ name, version }) => new DependencyInfo().setName(name).setVersion(version)),
  );
}

function directDependencies(programDirectory: string): readonly { name: string; version: string }[] {
  const path = join(programDirectory, "package.json");
  const { dependencies, devDependencies } = readProgram(path);
  return Object.entries({ ...devDependencies, ...dependencies })
    .map(([name, range]) => ({ name, version: installedManifest(programDirectory, name)?.version ?? range }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readProgram(path: string): z.infer<typeof programSchema> {
  try {
    return programSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The program's ${path} could not be read: ${reason}`);
  }
}
