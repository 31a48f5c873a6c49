import { connectionsSchema, type Connections } from "../config/connections-schema";
import { readJson, writePrivate } from "./files";
import type { Layout } from "./layout";

/** The connections of an environment; undefined if it was never started. */
export function readConnections(layout: Layout): Connections | undefined {
  return readJson(layout.environmentFile, connectionsSchema);
}

/** Writes the connections for the Pulumi program to read. */
export function writeConnections(layout: Layout, connections: Connections): void {
  writePrivate(layout.environmentFile, `${JSON.stringify(connections, undefined, 2)}\n`);
}
