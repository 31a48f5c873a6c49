import { connect } from "node:net";

/** Milliseconds between two looks whether the engine still listens. */
const probeInterval = 5_000;

/**
 * Calls back, once, when the host has no engine any more. The engine holds our standard input open and
 * interrupts us when it is done; should it be killed in a way that neither shows (a debugger between us,
 * an inherited pipe), its port stops answering.
 *
 * @param engineAddress - `host:port` of the engine
 * @param gone - called when the engine is gone or asked us to end
 */
export function watchEngine(engineAddress: string, gone: () => void): void {
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    gone();
  };
  process.once("SIGINT", tell);
  process.once("SIGTERM", tell);
  process.stdin.once("end", tell).once("error", tell).resume();
  setInterval(() => {
    probe(engineAddress, tell);
  }, probeInterval).unref();
}

/** Calls back if nothing listens at an address. Only a refusal counts: a slow engine is still an engine. */
function probe(address: string, refused: () => void): void {
  const separator = address.lastIndexOf(":");
  const socket = connect({ host: address.slice(0, separator), port: Number(address.slice(separator + 1)) });
  socket.once("connect", () => socket.destroy());
  socket.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNREFUSED") refused();
  });
}
