import { delimiter } from "node:path";
import { pathToFileURL } from "node:url";
import type { Layout } from "./layout";

/**
 * Encrypts the secrets in the state of the embedded environment unless PULUMI_CONFIG_PASSPHRASE
 * says otherwise. It is no secret: that state never leaves `.local`, which is private to its user.
 */
export const developmentPassphrase = "embedded-development";

/** Variables by which kubectl and pulumi find the embedded environment; PATH is what comes before the caller's. */
export interface EnvironmentVariables {
  readonly KUBECONFIG: string;
  readonly PULUMI_BACKEND_URL: string;
  readonly PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: string;
  readonly PULUMI_CONFIG_PASSPHRASE: string;
  readonly PULUMI_HOME: string;
  readonly PULUMI_SKIP_UPDATE_CHECK: string;
}

/** The variables of an environment, without the PATH. */
export function environmentVariables(
  layout: Layout,
  caller: NodeJS.ProcessEnv = process.env,
): EnvironmentVariables {
  return {
    KUBECONFIG: layout.kubeconfig,
    PULUMI_BACKEND_URL: pathToFileURL(layout.pulumiState).href,
    // The environment brings the providers that it needs; those of managed systems are large, and nobody's here.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_CONFIG_PASSPHRASE: caller["PULUMI_CONFIG_PASSPHRASE"] ?? developmentPassphrase,
    PULUMI_HOME: layout.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/**
 * The caller's variables, those of the environment, and a PATH on which its programs come first.
 * Temporary files go into the environment: the Kubernetes provider leaves a kubeconfig at each run.
 */
export function childVariables(layout: Layout, caller: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const path = [layout.bin, ...(caller["PATH"] === undefined ? [] : [caller["PATH"]])].join(delimiter);
  return { ...caller, ...environmentVariables(layout, caller), PATH: path, TMPDIR: layout.temporary };
}
