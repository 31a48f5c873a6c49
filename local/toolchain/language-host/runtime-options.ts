import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";
import { z } from "zod";

import { UsageError } from "./rpc";

const schema = z.object({
  typescript: z.boolean().default(true),
  tsconfig: z.string().optional(),
  nodeargs: z.string().default(""),
  packagemanager: z.enum(["npm", "yarn", "pnpm", "bun"]).default("npm"),
});

/** What a project says under `runtime.options` in its Pulumi.yaml. Other keys are left to other hosts. */
export interface RuntimeOptions {
  /** Whether the SDK loads TypeScript through ts-node. @default true */
  readonly typescript: boolean;
  /** Path of the tsconfig.json for ts-node. @default the one beside the program, if there is one */
  readonly tsconfig: string | undefined;
  /** Arguments for Node itself, split as a shell does. @default none */
  readonly nodeArguments: readonly string[];
  /** What `pulumi install` runs. @default "npm" */
  readonly packageManager: "npm" | "yarn" | "pnpm" | "bun";
}

/**
 * Reads the runtime options of a program.
 *
 * @throws UsageError if an option has a value of the wrong kind
 */
export function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  const parsed = schema.safeParse(info?.getOptions()?.toJavaScript() ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new UsageError(`runtime.options of the project has a wrong value: ${problems.join("; ")}`);
  }
  const { typescript, tsconfig, nodeargs, packagemanager } = parsed.data;
  return { typescript, tsconfig, nodeArguments: splitArguments(nodeargs), packageManager: packagemanager };
}

/** Environment variables through which the SDK learns of the options. */
export function sdkEnvironment(options: RuntimeOptions): NodeJS.ProcessEnv {
  return {
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}

/** Splits at blanks outside quotes: `--require "./my file.js"` is two arguments. */
function splitArguments(line: string): readonly string[] {
  const words = line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}
