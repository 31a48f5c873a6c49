import { GetRequiredPackagesResponse } from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PackageParameterization } from "@pulumi/pulumi/proto/plugin_pb";

import { installedPackages, type Manifest } from "./installed-packages";
import { UsageError } from "./rpc";

type Parameterization = NonNullable<NonNullable<Manifest["pulumi"]>["parameterization"]>;

/**
 * The provider plugins that a program needs: one for each installed package that says so in its
 * package.json, so that the engine can fetch them before the program runs.
 *
 * @throws UsageError if a package needs a plugin and does not say which
 */
export function requiredPackages(programDirectory: string): GetRequiredPackagesResponse {
  const needed = new Map<string, PackageDependency>();
  for (const manifest of installedPackages(programDirectory)) {
    if (manifest.pulumi?.resource !== true) continue;
    const dependency = packageDependency(manifest, manifest.pulumi);
    needed.set(Buffer.from(dependency.serializeBinary()).toString("base64"), dependency);
  }
  return new GetRequiredPackagesResponse().setPackagesList([...needed.values()]);
}

function packageDependency(manifest: Manifest, pulumi: NonNullable<Manifest["pulumi"]>): PackageDependency {
  const version = pulumi.version ?? manifest.version;
  const dependency = new PackageDependency()
    .setKind("resource")
    .setName(pluginName(manifest.name, pulumi.name))
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

function pluginName(packageName: string, declared: string | undefined): string {
  if (declared !== undefined) return declared;
  const [scope, name] = packageName.split("/");
  if (scope === "@pulumi" && name !== undefined) return name;
  throw new UsageError(
    `The package ${packageName} needs a Pulumi plugin, but its package.json lacks pulumi.name: ` +
      "ask its author to add it, or remove the package.",
  );
}

function packageParameterization({ name, version, value }: Parameterization): PackageParameterization {
  return new PackageParameterization().setName(name).setVersion(version).setValue(value);
}
