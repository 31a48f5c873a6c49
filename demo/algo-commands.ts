import { loadDocuments } from "../pipelines/model/document/documents";
import type { AlgoCommands } from "./stand-ins";

/** What an `Algo` document says of this machine: a command that runs in place of its image's entry point. */
const commandAnnotation = "local.algo.run/command";

/**
 * Commands that documents state for algos, by `owner.name`: words, separated by spaces.
 *
 * @param paths - files and folders
 */
export function algoCommands(paths: readonly string[]): AlgoCommands {
  const { algos } = loadDocuments(paths);
  return Object.fromEntries(
    algos.flatMap(({ document: { metadata, spec } }) => {
      const command = metadata.annotations?.[commandAnnotation];
      return command === undefined ? [] : [[`${spec.owner}.${spec.name}`, command.trim().split(/\s+/)]];
    }),
  );
}
