import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { removeFiles, writePrivate } from "../files";
import type { Layout } from "../layout";
import { run } from "../process/run";
import { UserError } from "../user-error";
import { childVariables } from "../variables";

/** A Pulumi stack, wherever its state is kept. */
export interface PulumiStack {
  /** The embedded environment that keeps the state. @default the caller's variables say who does */
  readonly layout?: Layout | undefined;
  /** The Pulumi CLI. */
  readonly pulumi: string;
  /** Folder of the Pulumi program. */
  readonly project: string;
  readonly name: string;
  /** The stack's settings, if they are not where Pulumi looks for them. */
  readonly configFile?: string | undefined;
  /** Whether its state is an older one, from before the last update: it does not tell of all that is there. @default false */
  readonly isOlder?: boolean;
}

/** A stack whose state an embedded environment keeps. */
export interface Stack extends PulumiStack {
  readonly layout: Layout;
}

/**
 * Has Pulumi write the state once, when an operation ends however it may, instead of two or three times for each resource:
 * it writes all of it each time, which takes most of the time of large updates, and grows with the square of the resources.
 */
export const recordAtEnd = { PULUMI_SKIP_CHECKPOINTS: "true" } as const;

/**
 * Runs a command of the Pulumi CLI that changes nothing but the state of a stack, without a terminal. The state is written
 * at its end: one that is killed has done nothing.
 *
 * @param input what it reads from its standard input.
 * @returns its standard output.
 * @throws UserError with what it said, if it fails.
 */
export async function askPulumi(
  stack: PulumiStack,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const variables = stack.layout === undefined ? process.env : childVariables(stack.layout);
  const words = [...args, "--non-interactive", "--color=never"];
  return run(stack.pulumi, words, { cwd: stack.project, env: { ...variables, ...recordAtEnd }, input });
}

/**
 * Runs the Pulumi CLI on a stack and shows its progress as it always does.
 * An interrupt from the keyboard reaches it, too, and is left to it.
 *
 * @param variables - for Pulumi, beside those of the environment
 * @returns its exit code.
 */
export async function showPulumi(
  stack: Stack,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<number> {
  // The option that logs events belongs to those that this variable reveals.
  const env = { ...childVariables(stack.layout), PULUMI_DEBUG_COMMANDS: "true", ...variables };
  const child = spawn(stack.pulumi, args, { cwd: stack.project, env, stdio: "inherit" });
  const patience = (): void => undefined;
  const pass = (): void => void child.kill("SIGINT");
  process.on("SIGINT", patience).on("SIGTERM", pass);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve(code ?? 1);
      });
    });
  } finally {
    process.off("SIGINT", patience).off("SIGTERM", pass);
    removeFiles(stack.layout.temporary, "kubeconfig");
  }
}

/**
 * Selects a stack; makes it if it is new. Its committed settings stay as they are.
 *
 * @throws UserError if the passphrase does not fit.
 */
export async function selectStack(stack: Stack): Promise<void> {
  try {
    await askPulumi(stack, ["stack", "select", stack.name, "--create"]);
    // Only a new stack's passphrase is tried by that; the secrets of another have to be read.
    await askPulumi(stack, ["stack", "output", "--json", "--show-secrets", "--stack", stack.name]);
  } catch (error) {
    if (!(error instanceof UserError) || !error.message.includes("incorrect passphrase")) throw error;
    throw new UserError(
      `PULUMI_CONFIG_PASSPHRASE does not fit stack ${stack.name}: unset it, or set it to the one that the ` +
        `stack's settings were encrypted with.`,
    );
  }
}

/**
 * Operations at a time. Kafka's provider waits a second after each topic and Kubernetes'
 * for each Deployment, so the default of 8 leaves the machine idle.
 */
const parallel = 64;

/** The options of previews and updates: the policy pack, and a display that fits what it is shown on. */
export function updateFlags(stack: Stack): readonly string[] {
  const policies = ["--policy-pack", join(stack.project, "policies")];
  const quiet = process.stdout.isTTY ? [] : ["--suppress-progress"];
  return ["--stack", stack.name, ...policies, "--parallel", `${parallel}`, "--suppress-outputs", ...quiet];
}

/** The options that name a stack's settings; none if Pulumi finds them by itself. */
export function configFlags(stack: PulumiStack): readonly string[] {
  return stack.configFile === undefined ? [] : ["--config-file", stack.configFile];
}

/**
 * Copies a stack's settings into an environment that does not lie where they say,
 * with the place of its connections put right.
 *
 * @returns the copy.
 */
export function relocatedSettings(layout: Layout, settings: string, name: string): string {
  const content = load(readFileSync(settings, "utf8"));
  if (typeof content !== "object" || content === null) throw new UserError(`${settings} holds no settings.`);
  const config = "config" in content ? content.config : undefined;
  const path = join(layout.directory, `Pulumi.${name}.yaml`);
  const moved = {
    ...(typeof config === "object" ? config : {}),
    "algorun:connections": layout.environmentFile,
  };
  writePrivate(path, dump({ ...content, config: moved }));
  return path;
}
