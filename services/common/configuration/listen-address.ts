import { z } from "zod";

/** Where a server listens. */
export interface ListenAddress {
  /** Undefined: all addresses of the pod. */
  readonly host: string | undefined;
  readonly port: number;
}

const pattern = /^(?<host>.*):(?<port>\d{1,5})$/;

/** `:18080`, `127.0.0.1:18080` or `[::1]:18080`; port 0 takes a free one. */
export const listenAddress = z.string().transform((text, context): ListenAddress => {
  const { host = "", port = "" } = pattern.exec(text)?.groups ?? {};
  if (port === "" || Number(port) > 65535) {
    context.addIssue({ code: "custom", message: "expected an address to listen on, such as :18080" });
    return z.NEVER;
  }
  // Without a host, the pod's own address where it has been given one: several pods may share a machine's network.
  const stated = host.replace(/^\[(?<inner>.*)\]$/, "$<inner>");
  return { host: stated === "" ? process.env["LISTEN_ADDRESS"] : stated, port: Number(port) };
});
