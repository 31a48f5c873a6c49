import { connect } from "node:net";
import * as pulumi from "@pulumi/pulumi";

/** Something that must answer before it makes sense to begin. */
export interface NeededService {
  /** As a user calls it. */
  readonly name: string;
  /** `host:port`; one that answers is enough. */
  readonly addresses: readonly string[];
  /** What to do when none answers. */
  readonly remedy: string;
}

/** Longest wait for an answer, in milliseconds; a broker across an ocean needs a tenth of it. */
const patience = 3000;

/**
 * Makes sure that services answer: the providers would notice only when half of the changes are made.
 *
 * @throws pulumi.RunError naming each that doesn't
 */
export async function assertReachable(services: readonly NeededService[]): Promise<void> {
  const complaints = await Promise.all(services.map(complaintAbout));
  const found = complaints.filter((complaint) => complaint !== undefined);
  if (found.length > 0) throw new pulumi.RunError(found.join("\n"));
}

async function complaintAbout({ name, addresses, remedy }: NeededService): Promise<string | undefined> {
  const outcomes = await Promise.all(addresses.map(dial));
  if (outcomes.includes(undefined)) return undefined;
  const reasons = addresses.map((address, index) => `${address} (${outcomes[index] ?? ""})`);
  return `${name} does not answer at ${reasons.join(", ")}: ${remedy}`;
}

/** Why nothing answers at an address; undefined when something does. */
async function dial(address: string): Promise<string | undefined> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), timeout: patience });
    const end = (reason?: string): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once("connect", () => {
      end();
    });
    socket.once("timeout", () => {
      end(`no answer within ${patience / 1000} s`);
    });
    socket.once("error", (error) => {
      end("code" in error && error.code === "ECONNREFUSED" ? "connection refused" : error.message);
    });
  });
}
