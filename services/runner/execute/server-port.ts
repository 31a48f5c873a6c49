import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Where the algo's server listens: on the pod's loopback address, or on the one that a pod without a network was given. */
export const algoHost = process.env["LISTEN_ADDRESS"] ?? "127.0.0.1";

/** Whether somebody takes connections on a port of this pod. */
export async function isListening(port: number, host = algoHost): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const answer = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", answer(true));
    socket.once("error", answer(false));
    socket.once("timeout", answer(false));
  });
}

/** Returns when the algo's server listens. */
export async function untilListening(port: number, signal: AbortSignal): Promise<void> {
  while (!(await isListening(port))) await sleep(200, undefined, { signal });
}
