import { get } from "node:http";
import { connect } from "node:net";
import type { NetworkProbe } from "./pod-processes";

/** Longest wait for an answer, in milliseconds. */
const answerLimit = 2_000;

/** Whether a process answers, as Kubernetes would find: a connection is taken, or a request is not refused. */
export async function answers(probe: NetworkProbe): Promise<boolean> {
  return probe.kind === "tcp" ? takesConnection(probe.host, probe.port) : isWell(probe.url);
}

async function isWell(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(url, { agent: false, timeout: answerLimit }, (response) => {
      response.resume();
      const { statusCode = 500 } = response;
      resolve(statusCode >= 200 && statusCode < 400);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("close", () => {
      resolve(false);
    });
    asked.on("error", () => {
      resolve(false);
    });
  });
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
