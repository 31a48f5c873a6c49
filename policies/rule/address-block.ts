import { BlockList, isIP } from "node:net";

/** Whether an address block holds an address. A text that is no block holds none. */
export function blockHolds(block: string, address: string): boolean {
  const [network = "", length = ""] = block.split("/");
  const family = isIP(network);
  if (family === 0 || family !== isIP(address) || !/^\d{1,3}$/.test(length)) return false;
  const bits = Number(length);
  if (bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const type = family === 4 ? "ipv4" : "ipv6";
  list.addSubnet(network, bits, type);
  return list.check(address, type);
}

/** Whether an address block is all addresses of its kind: `0.0.0.0/0`, `::/0`. */
export function isEverywhere(block: string): boolean {
  return /^[\d.:a-f]+\/0$/i.test(block);
}
