import { parseArgs } from "node:util";

import { version } from "@pulumi/pulumi/version";

/** What the command line asks of the host. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "invalid"; readonly problem: string }
  | { readonly kind: "serve"; readonly engineAddress: string };

/** Version of the Pulumi SDK whose stubs the host is made of, for `--version`. */
export const versionText = `pulumi-language-nodejs ${version}\n`;

/** What `--help` prints. */
export const usage = `pulumi-language-nodejs: runs Node.js programs and policy packs for Pulumi.

The pulumi CLI starts it by itself when it lies beside the pulumi binary or on PATH:
  pulumi-language-nodejs [--logtostderr] [-v=LEVEL] [--tracing URL] ENGINE_ADDRESS

There is nothing to run by hand; use "pulumi up" in a project folder.
`;

/**
 * Reads the arguments that the engine gives a language host: logging flags, which are accepted and
 * ignored, and the engine's address, `host:port`, as the only positional argument.
 */
export function parseCommandLine(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    // Flags that a newer engine adds must not keep the host from starting.
    strict: false,
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      version: { type: "boolean" },
      tracing: { type: "string" },
    },
  });
  if (values.help === true || args.length === 0) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  const [engineAddress] = positionals;
  if (positionals.length !== 1 || engineAddress === undefined) {
    return { kind: "invalid", problem: `Expected one engine address, found ${positionals.length}.` };
  }
  if (!/^.+:\d{1,5}$/.test(engineAddress)) {
    return {
      kind: "invalid",
      problem: `Expected an engine address of the form HOST:PORT, found "${engineAddress}".`,
    };
  }
  return { kind: "serve", engineAddress };
}
