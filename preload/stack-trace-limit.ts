/*
 * For each resource, Pulumi's SDK lifts the limit of stack traces, maps every frame to its source, and sends all of them to
 * the engine, which keeps them in the state: a third of the program's CPU time, and an eighth of the state. The first
 * frames say where a resource is made, so Node's own limit stays.
 */
const limit = Error.stackTraceLimit;
let current = limit;

Object.defineProperty(Error, "stackTraceLimit", {
  configurable: true,
  enumerable: true,
  get: () => current,
  set: (wanted: number) => {
    current = Math.min(wanted, limit);
  },
});
