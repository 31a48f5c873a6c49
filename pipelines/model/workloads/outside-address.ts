import { isIP } from "node:net";

/**
 * Where an address leads, as far as it says so itself. `cluster`: a Service, by its name in the cluster. `private`: an
 * address of a private network, or a name that only such a network knows. `own`: the pod itself, its node, or
 * nothing that can be connected to.
 */
export type AddressKind = "public" | "private" | "cluster" | "own";

/** `service.namespace.svc`, with or without the cluster's domain. */
const serviceName = /^[^.]+\.[^.]+\.svc(\.|$)/;
/** Names without a dot, and those that are set apart for private networks (RFC 6762, RFC 8375, ICANN's .internal). */
const privateName = /^[^.]+$|\.(local|lan|internal|home\.arpa|corp|intranet)$/;
/** Loopback, link-local (where clouds serve the credentials of a node), unspecified, multicast and reserved. */
const ownAddress = /^(0|127|22[4-9]|2[345]\d)\.|^169\.254\.|^(::1?|fe[89ab].*|ff.*)$/;
/** RFC 1918, RFC 6598, RFC 4193. */
const privateAddress =
  /^10\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^f[cd]/;

/**
 * Where the host of a URL is.
 *
 * @param host - as `new URL(…).hostname` has it: lower-cased, IPv4 in dots, IPv6 in brackets
 */
export function addressKind(host: string): AddressKind {
  const address = host.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIP(address) !== 0) {
    const embedded = embeddedIPv4(address);
    if (embedded !== undefined) return addressKind(embedded);
    if (ownAddress.test(address)) return "own";
    return privateAddress.test(address) ? "private" : "public";
  }
  if (address === "localhost" || address.endsWith(".localhost")) return "own";
  if (serviceName.test(address)) return "cluster";
  return privateName.test(address) ? "private" : "public";
}

/** The IPv4 address in an IPv6 address that stands for one (`::ffff:a00:1`). */
function embeddedIPv4(address: string): string | undefined {
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const bytes = [high, low].flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 255]);
  return bytes.join(".");
}

/** What is to be said of a host that a network policy can't open: a name of a private network; undefined of any other. */
export function unreachableByName(host: string): string | undefined {
  if (addressKind(host) !== "private" || /^[\d.[]/.test(host)) return undefined;
  return `${host} looks like a name of a private network, where a network policy lets nobody go by name; give its address, or service.namespace.svc`;
}

/** Host and port that a URL leads to. */
export function hostAndPort(url: string): { readonly host: string; readonly port: number } {
  const { hostname: host, port, protocol } = new URL(url);
  const byDefault = protocol === "https:" ? 443 : 80;
  return { host, port: port === "" ? byDefault : Number(port) };
}
