import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { RunFailure } from "../failure";
import type { OutputConfig } from "../runner-config";
import type { Produced } from "./executor";
import type { RunFolders } from "./run-folders";

/** Outputs that the algo writes as files. */
export function fileOutputs(outputs: readonly OutputConfig[]): readonly OutputConfig[] {
  return outputs.filter(({ delivery }) => delivery === "FileParameter" || delivery === "FolderParameter");
}

/** Whether somebody reads an output: a pipe leads from it, or the document has all outputs written. */
export function isRead({ topic }: OutputConfig): boolean {
  return topic !== undefined;
}

/** Where an output is to be written. */
export function placeOf(output: OutputConfig, folders: RunFolders): string {
  return join(folders.output, output.name.replace(/[^A-Za-z0-9._-]/g, "_"));
}

/**
 * What the algo has written: one file, or the files of a folder in the order of their names. What nobody reads need not be
 * there.
 */
export async function producedFiles(
  outputs: readonly OutputConfig[],
  folders: RunFolders,
): Promise<readonly Produced[]> {
  const produced = await Promise.all(
    fileOutputs(outputs.filter(isRead)).map(async (output): Promise<readonly Produced[]> => {
      const place = placeOf(output, folders);
      const found = await stat(place).catch(() => undefined);
      if (output.delivery === "FileParameter") {
        if (found?.isFile() === true) return [{ output, content: { file: place } }];
        throw new RunFailure("OutputMissing", `no file for the output ${output.name}`);
      }
      const names = found?.isDirectory() === true ? await readdir(place, { recursive: true }) : [];
      const files = await Promise.all(
        names.sort().map(async (fileName) => ({
          fileName,
          file: join(place, fileName),
          info: await stat(join(place, fileName)),
        })),
      );
      return files
        .filter(({ info }) => info.isFile())
        .map(({ fileName, file }) => ({ output, content: { file }, fileName }));
    }),
  );
  return produced.flat();
}
