import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { readJson } from "../../local/files";

/** Folder of the recorded states, one folder each. */
export const statesFolder = join(__dirname, "states");

const recordSchema = z.strictObject({
  /** The commit whose program made the stack. */
  program: z.string().min(1),
  /** Versions of the engine and of each provider, by name. */
  versions: z.record(z.string(), z.string()),
  /** The stack's config, with the project's prefix, but for places of files. */
  config: z.record(z.string(), z.unknown()),
});

/** Who made a state, and with which config. */
export type StateRecord = Readonly<z.infer<typeof recordSchema>>;

/** Where the parts of a recorded state lie. */
export interface StateFiles {
  readonly record: string;
  /** What `pulumi stack export` printed, compressed, its secrets encrypted with the development passphrase. */
  readonly state: string;
  /** The documents that the stack was made of. */
  readonly documents: string;
}

/** A state that an older program has made with older providers. */
export interface RecordedState extends StateRecord {
  readonly name: string;
  readonly documents: string;
}

/** The files of a recorded state. */
export function stateFiles(name: string): StateFiles {
  const folder = join(statesFolder, name);
  return {
    record: join(folder, "recorded.json"),
    state: join(folder, "state.json.gz"),
    documents: join(folder, "documents"),
  };
}

/** All recorded states, the oldest first, as their names begin with the day. */
export function recordedStates(): readonly RecordedState[] {
  return readdirSync(statesFolder)
    .filter((name) => existsSync(stateFiles(name).record))
    .sort()
    .map((name) => {
      const { record, documents } = stateFiles(name);
      const read = readJson(record, recordSchema);
      if (read === undefined) throw new Error(`${record} is gone.`);
      return { ...read, name, documents };
    });
}

/** What `pulumi stack import` takes of a recorded state. */
export function exportedState(name: string): string {
  return gunzipSync(readFileSync(stateFiles(name).state)).toString("utf8");
}
