import { copyFile, cp, link } from "node:fs/promises";
import { join } from "node:path";
import { goProgram } from "./go-program";
import { contentsOf } from "./ingredients";
import { installedVersion } from "./installed-package";
import { installLanguageHost } from "./language-host/install";
import { downloadPlugins, downloadPulumi } from "./pulumi-releases";
import type { Recipe } from "./recipe";
import { isExecutable } from "./search-path";

/** The engine must be of the version of the SDK that talks to it. */
export const pulumiVersion = installedVersion("@pulumi/pulumi");

/** The host that runs programs and policy packs for the engine, under the name by which the engine looks for it. */
export const languageHostName = "pulumi-language-nodejs";

/** The version of each provider: that of the npm package whose requests it answers. */
export const providerVersions = {
  kubernetes: installedVersion("@pulumi/kubernetes"),
  kafka: installedVersion("@pulumi/kafka"),
  random: installedVersion("@pulumi/random"),
} as const;

/** Providers that this project uses. */
export type ProviderName = keyof typeof providerVersions;

const pulumiCommand = goProgram({
  name: "pulumi-command",
  executable: "pulumi",
  title: "Pulumi CLI",
  duration: "3 min",
  packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
  // Without it the SDK takes the engine for one that is too old for `preview`.
  variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": pulumiVersion },
  download: (kitchen) => downloadPulumi(pulumiVersion, ["pulumi", languageHostName], kitchen),
});

/** The `pulumi` command with the Node language host beside it, where the engine looks first. */
export const pulumi: Recipe = {
  name: "pulumi",
  title: "Pulumi language host for Node",
  method: "putting it beside the CLI (about 1 s)",
  needs: [pulumiCommand],
  ingredients: async () => [
    pulumiVersion,
    installedVersion("esbuild"),
    ...(await contentsOf(join(__dirname, "language-host"))),
  ],
  make: async ({ directory, needs }) => {
    const command = needs[pulumiCommand.name];
    if (command === undefined) throw new Error("The Pulumi CLI was not made first.");
    // The official release brings a host of its own; the CLI as a Go module does not.
    if (isExecutable(join(command, languageHostName))) return cp(command, directory, { recursive: true });
    const from = join(command, "pulumi");
    await link(from, join(directory, "pulumi")).catch(() => copyFile(from, join(directory, "pulumi")));
    await installLanguageHost(directory);
  },
};

/** The provider for Kubernetes. */
export const kubernetesProvider: Recipe = goProgram({
  name: "kubernetes-provider",
  module: "providers",
  packages: ["./kubernetes"],
  executable: providerProgram("kubernetes"),
  title: "Pulumi provider for Kubernetes",
  duration: "4 min",
  variables: {
    "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version": providerVersions.kubernetes,
  },
  files: ["schema.json", "terraform-mapping.json"].map((name) => ({
    module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
    path: `cmd/pulumi-resource-kubernetes/${name}`,
  })),
  download: (kitchen) => downloadPlugins({ kubernetes: providerVersions.kubernetes }, kitchen),
});

/**
 * The providers for Kafka and random values, in one program that answers to both names. It is always built:
 * the build puts right what the Kafka provider that it is made from does wrong with generated passwords and
 * with updates that fail.
 */
export const bridgedProviders: Recipe = goProgram({
  name: "bridged-providers",
  module: "providers",
  packages: ["./bridged"],
  title: "Pulumi providers for Kafka and random values",
  duration: "3 min",
  variables: { "main.kafkaVersion": providerVersions.kafka, "main.randomVersion": providerVersions.random },
  links: [providerProgram("kafka"), providerProgram("random")],
});

/** The name under which the engine looks for a provider's program. */
export function providerProgram(name: ProviderName): string {
  return `pulumi-resource-${name}`;
}
