import { connect } from "node:net";
import type { NetworkProbe } from "./pod-processes";

/** Longest wait for an answer, in milliseconds. */
const answerLimit = 2_000;

/** Whether a process answers, as Kubernetes would find: a connection is taken, or a request is not refused. */
export async function answers(probe: NetworkProbe): Promise<boolean> {
  return probe.kind === "tcp" ? takesConnection(probe.host, probe.port) : isWell(probe.url);
}

async function isWell(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(answerLimit) });
    await answer.body?.cancel();
    return answer.status < 400;
  } catch {
    return false;
  }
}

async function takesConnection(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: answerLimit });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => {
      settle(true);
    });
    for (const event of ["error", "timeout"]) {
      socket.once(event, () => {
        settle(false);
      });
    }
  });
}
