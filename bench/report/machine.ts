import { availableParallelism, cpus, release, totalmem, type } from "node:os";

/** What figures were measured on, in one line. */
export function machine(...programs: readonly string[]): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const system = `${type()} ${release().replace(/-.*/, "")}`;
  return [
    `${availableParallelism()} cores of ${model}`,
    `${memory} GiB`,
    system,
    `Node ${process.version}`,
    ...programs,
  ].join(", ");
}
