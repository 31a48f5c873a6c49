import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { z } from "zod";
import { readJson, writePrivate } from "../files";
import type { Layout } from "../layout";
import { UserError } from "../user-error";
import { readProcesses } from "./managed-process";
import { isAlive } from "./process-identity";

/** What listens on a port, in the order in which ports are given out. */
const purposes = [
  "apiServer",
  "kafka",
  "kafkaController",
  "etcd",
  "etcdPeer",
  "controllerManager",
  "scheduler",
] as const;
export type Ports = Readonly<Record<(typeof purposes)[number], number>>;

const portsSchema = z.record(z.enum(purposes), z.number().int().min(1024).max(65535));

/** Ports below those that systems give to outgoing connections (Linux: 32768 and up). */
const firstPort = 20_000;
const portCount = 10_000;

/**
 * The ports of an environment: the same as at the last start, except those that another
 * program took since. The first choice follows from the directory, so that two checkouts
 * that start at the same moment do not reach for the same ones.
 */
export async function choosePorts(layout: Layout): Promise<Ports> {
  const remembered = readJson(layout.portsFile, portsSchema);
  const ours = new Set(
    readProcesses(layout)
      .filter(isAlive)
      .flatMap((record) => Object.values(record.ports)),
  );
  const digest = createHash("sha256").update(layout.directory).digest();
  const preferred = firstPort + (digest.readUInt32BE(0) % (portCount / 10)) * 10;
  const chosen = new Set<number>();
  const ports: Partial<Record<keyof Ports, number>> = {};
  for (const [index, purpose] of purposes.entries()) {
    let port = remembered?.[purpose] ?? preferred + index;
    for (let tries = 0; chosen.has(port) || !(ours.has(port) || (await isFree(port))); tries += 1) {
      if (tries === portCount) throw new UserError(`No port between ${firstPort} and 30000 is free.`);
      port = firstPort + ((port + 10 - firstPort) % portCount);
    }
    chosen.add(port);
    ports[purpose] = port;
  }
  const complete = portsSchema.parse(ports);
  writePrivate(layout.portsFile, `${JSON.stringify(complete, undefined, 2)}\n`);
  return complete;
}

/** Whether a program could listen on this loopback port now. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
