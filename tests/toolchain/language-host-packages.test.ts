import { deepEqual, match, rejects } from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import {
  type GetProgramDependenciesResponse,
  GetProgramDependenciesRequest,
  type GetRequiredPackagesResponse,
  GetRequiredPackagesRequest,
  InstallDependenciesRequest,
  type InstallDependenciesResponse,
} from "@pulumi/pulumi/proto/language_pb";

import { answer, FakeEngine, Host, programInfo, Workspace } from "./language-host-harness";

/** A package.json below node_modules. */
function installed(path: string, manifest: object): Record<string, string> {
  return { [`node_modules/${path}/package.json`]: JSON.stringify(manifest) };
}

describe("the language host knows the packages of a program", function () {
  this.timeout(60_000);
  const workspace = new Workspace();
  const engine = new FakeEngine();
  let host: Host;
  before(async () => {
    await workspace.install();
    await engine.start();
    host = await Host.start(workspace.executable, engine.address);
  });
  after(async () => {
    await host.stop();
    engine.stop();
    workspace.remove();
  });

  async function required(directory: string): Promise<GetRequiredPackagesResponse.AsObject["packagesList"]> {
    const request = new GetRequiredPackagesRequest().setInfo(programInfo(directory));
    const response = await answer<GetRequiredPackagesResponse>((done) =>
      host.client.getRequiredPackages(request, done),
    );
    return response.toObject().packagesList;
  }

  async function dependencies(directory: string, transitive: boolean): Promise<readonly string[]> {
    const request = new GetProgramDependenciesRequest()
      .setInfo(programInfo(directory))
      .setTransitivedependencies(transitive);
    const response = await answer<GetProgramDependenciesResponse>((done) =>
      host.client.getProgramDependencies(request, done),
    );
    return response.getDependenciesList().map((one) => `${one.getName()} ${one.getVersion()}`);
  }

  async function install(directory: string, options: Record<string, string> = {}): Promise<string> {
    const messages: AsyncIterable<InstallDependenciesResponse> = host.client.installDependencies(
      new InstallDependenciesRequest().setInfo(programInfo(directory, options)),
    );
    let output = "";
    for await (const message of messages) {
      output +=
        Buffer.from(message.getStdout_asU8()).toString() + Buffer.from(message.getStderr_asU8()).toString();
    }
    return output;
  }

  it("which need provider plugins: named by scope or by the package, linked, nested, each version once", async () => {
    const directory = workspace.folder({
      installed: false,
      files: {
        ...installed("@pulumi/random", {
          name: "@pulumi/random",
          version: "4.1.0",
          pulumi: { resource: true },
        }),
        ...installed("wrapper", { name: "wrapper", version: "1.0.0" }),
        ...installed("wrapper/node_modules/@pulumi/random", {
          name: "@pulumi/random",
          version: "4.2.0",
          pulumi: { resource: true, version: "4.2.1" },
        }),
        ...installed("other/node_modules/@pulumi/random", {
          name: "@pulumi/random",
          version: "4.1.0",
          pulumi: { resource: true },
        }),
        ...installed("other", { name: "other", version: "1.0.0" }),
        ...installed("@acme/cloud", {
          name: "@acme/cloud",
          version: "v2.0.0",
          pulumi: { resource: true, name: "acme", server: "https://plugins.example.com" },
        }),
        ...installed("@pulumi/policy", { name: "@pulumi/policy", version: "1.0.0", pulumi: {} }),
        ...installed("pack", { name: "pack", version: "1.0.0" }),
        "node_modules/pack/PulumiPolicy.yaml": "runtime: nodejs",
        ...installed("pack/node_modules/@pulumi/aws", {
          name: "@pulumi/aws",
          version: "7.0.0",
          pulumi: { resource: true },
        }),
        ...installed("nameless", { name: "nameless", version: "1.0.0", pulumi: { resource: true } }),
        "node_modules/broken/package.json": "{",
        "sdks/local/package.json": JSON.stringify({
          name: "@pulumi/local",
          version: "0.1.0",
          pulumi: {
            resource: true,
            parameterization: {
              name: "local",
              version: "0.1.0",
              value: Buffer.from("value").toString("base64"),
            },
          },
        }),
      },
    });
    symlinkSync(join(directory, "sdks/local"), join(directory, "node_modules/@pulumi/local"));
    // A link back to where it came from, as workspaces have.
    mkdirSync(join(directory, "sdks/local/node_modules/@pulumi"), { recursive: true });
    symlinkSync(join(directory, "sdks/local"), join(directory, "sdks/local/node_modules/@pulumi/local"));

    const resource = {
      kind: "resource",
      server: "",
      checksumsMap: [],
      parameterization: undefined,
      extension: undefined,
    };
    deepEqual(await required(directory), [
      { ...resource, name: "acme", version: "v2.0.0", server: "https://plugins.example.com" },
      {
        ...resource,
        name: "local",
        version: "v0.1.0",
        parameterization: { name: "local", version: "0.1.0", value: Buffer.from("value").toString("base64") },
      },
      { ...resource, name: "random", version: "v4.1.0" },
      { ...resource, name: "random", version: "v4.2.1" },
    ]);
  });

  it("with the versions that are installed, those that it asks for or all", async () => {
    const directory = workspace.folder({
      installed: false,
      files: {
        "package.json": JSON.stringify({
          dependencies: { zebra: "^1.0.0", absent: "^9.0.0" },
          devDependencies: { ape: "2" },
        }),
        ...installed("zebra", { name: "zebra", version: "1.5.0" }),
        ...installed("ape", { name: "ape", version: "2.0.1" }),
        ...installed("ape/node_modules/louse", { name: "louse", version: "0.0.1" }),
      },
    });
    deepEqual(await dependencies(directory, false), ["absent ^9.0.0", "ape 2.0.1", "zebra 1.5.0"]);
    deepEqual(await dependencies(directory, true), ["ape 2.0.1", "louse 0.0.1", "zebra 1.5.0"]);
    const empty = workspace.folder({ installed: false });
    await rejects(dependencies(empty, false), /The program's .*package\.json could not be read: ENOENT/);
  });

  it("and installs them with the package manager of the project", async () => {
    const directory = workspace.folder({
      installed: false,
      files: {
        "package.json": JSON.stringify({ name: "shop", dependencies: { local: "file:./local" } }),
        "local/package.json": JSON.stringify({ name: "local", version: "1.0.0" }),
      },
    });
    await install(directory);
    match(String(existsSync(join(directory, "node_modules/local/package.json"))), /true/);
    await rejects(install(directory, { packagemanager: "cargo" }), /runtime\.options .* packagemanager/);
    const broken = workspace.folder({ installed: false, files: { "package.json": "{" } });
    await rejects(install(broken), /`npm install` in .* ended with exit code 1/);
  });
});
