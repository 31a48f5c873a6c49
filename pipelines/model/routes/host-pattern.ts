/** Whether a host name, which may begin or end with `*`, stands for all that another one stands for. */
export function covers(pattern: string, hostname: string): boolean {
  if (pattern.startsWith("*")) return hostname.endsWith(pattern.slice(1));
  if (pattern.endsWith("*")) return hostname.startsWith(pattern.slice(0, -1));
  return pattern === hostname;
}
