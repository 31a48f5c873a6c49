import { GetRequiredPackagesResponse } from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PackageParameterization } from "@pulumi/pulumi/proto/plugin_pb";

import { installedPackages, type Manifest } from "./installed-packages";

type Parameterization = NonNullable<NonNullable<Manifest["pulumi"]>["parameterization"]>;

/**
 * The provider plugins that a program needs: one for each installed package that says so in its
 * package.json, so that the engine can fetch them before the program runs. One that does not say which
 * plugin it needs is left to the engine, which asks for it if the program really uses it.
 */
export function requiredPackages(programDirectory: string): GetRequiredPackagesResponse {
  const needed = new Map<string, PackageDependency>();
  for (const manifest of installedPackages(programDirectory)) {
    if (manifest.pulumi?.resource !== true) continue;
    const name = manifest.pulumi.name ?? nameInPulumiScope(manifest.name);
    if (name === undefined) continue;
    const dependency = packageDependency(name, manifest.pulumi.version ?? manifest.version, manifest.pulumi);
    needed.set(Buffer.from(dependency.serializeBinary()).toString("base64"), dependency);
  }
  return new GetRequiredPackagesResponse().setPackagesList([...needed.values()]);
}

function packageDependency(
  name: string,
  version: string,
  pulumi: NonNullable<Manifest["pulumi"]>,
): PackageDependency {
  const dependency = new PackageDependency()
    .setKind("resource")
    .setName(name)
    .setVersion(version.startsWith("v") ? version : `v${version}`)
    .setServer(pulumi.server ?? "");
  if (pulumi.parameterization !== undefined) {
    dependency.setParameterization(packageParameterization(pulumi.parameterization));
  }
  if (pulumi.extensionParameterization !== undefined) {
    dependency.setExtension$(packageParameterization(pulumi.extensionParameterization));
  }
  return dependency;
}

function nameInPulumiScope(packageName: string): string | undefined {
  const [scope, name] = packageName.split("/");
  return scope === "@pulumi" ? name : undefined;
}

function packageParameterization({ name, version, value }: Parameterization): PackageParameterization {
  return new PackageParameterization().setName(name).setVersion(version).setValue(value);
}
