import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { kubernetesVersion } from "../local/toolchain/definitions";
import { resolveTools } from "../local/toolchain/toolchain";
import { UserError } from "../local/user-error";
import { linterNames, sortedFindings, type Finding, type LinterName } from "./finding";
import { kubeLinter } from "./kube-linter";
import { kubeScore } from "./kube-score";
import type { Linter } from "./linter";
import { polaris } from "./polaris";
import { wholeObjects, type ManifestFiles } from "./whole-objects";

const execute = promisify(execFile);

/** Longest report that is read, in bytes; one of a hundred objects has about one million. */
const reportLimit = 256 * 1024 * 1024;

const linters: Readonly<Record<LinterName, Linter>> = {
  "kube-linter": kubeLinter,
  "kube-score": kubeScore(kubernetesVersion.replace(/\.\d+$/, "")),
  polaris,
};

/**
 * Has all linters look at rendered manifests.
 * @returns what they find, in an order that stays
 * @throws UserError if a linter can't read the manifests
 */
export async function lintManifests(manifests: ManifestFiles): Promise<readonly Finding[]> {
  const tools = await resolveTools(linterNames);
  const directory = await mkdtemp(join(tmpdir(), "algorun-linters-"));
  try {
    const paths = await writeFiles(directory, wholeObjects(manifests));
    const findings = linterNames.map(async (name) => {
      const { args, findings } = linters[name];
      return findings(await reportOf(tools[name].path, args(directory, paths)));
    });
    return sortedFindings((await Promise.all(findings)).flat());
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** All in one folder, since not every linter looks into those below; the path becomes the name. */
async function writeFiles(directory: string, files: ManifestFiles): Promise<readonly string[]> {
  const written = Object.entries(files).map(async ([file, text]) => {
    const path = join(directory, file.replaceAll("/", "-"));
    await writeFile(path, text);
    return path;
  });
  return Promise.all(written);
}

const failureSchema = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

async function reportOf(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await execute(program, args, { maxBuffer: reportLimit })).stdout;
  } catch (error) {
    const failure = failureSchema.safeParse(error).data;
    if (failure === undefined) throw error;
    // Some end with 1 when they have found something, and all do when they can't read a manifest.
    if (failure.code === 1 && failure.stdout !== "") return failure.stdout;
    throw new UserError(`${program} failed (exit code ${failure.code}): ${failure.stderr.trim()}`);
  }
}
