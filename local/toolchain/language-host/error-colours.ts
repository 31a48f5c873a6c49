import util from "node:util";

/**
 * Whether this Node never comes to an end when it prints an error in colours whose stack names a file
 * directly below `node_modules` or a scope, such as `node_modules/@pulumi/resource.ts`
 * (https://github.com/nodejs/node/issues/64011). The source maps of the Pulumi SDK make such lines, and
 * the SDK prints every error of a program in colours: half a minute of CPU and gigabytes of memory for
 * one message. Several release lines have the bug, so it is looked for by behaviour, not by version: the
 * colour of a module name is looked up once for such a line, and again and again where Node loops.
 */
export function errorColoursLoop(): boolean {
  const probe = new Error("probe");
  probe.stack = "Error: probe\n    at probe (/node_modules/@scope/file.ts:1:1)";
  const original = Object.getOwnPropertyDescriptor(util.inspect.styles, "module");
  let lookups = 0;
  Object.defineProperty(util.inspect.styles, "module", {
    configurable: true,
    get: () => {
      lookups += 1;
      // Far more than the two names that a line can have; the throw is the way out of the loop.
      if (lookups > 10) throw new Error("error colours loop");
      return "underline";
    },
  });
  try {
    util.inspect(probe, { colors: true });
    return false;
  } catch {
    return true;
  } finally {
    if (original !== undefined) Object.defineProperty(util.inspect.styles, "module", original);
  }
}

/** Makes `util.inspect` print errors without colours from now on, in this process. */
export function turnOffErrorColours(): void {
  const inspect = util.inspect;
  const withoutColours = new Proxy(inspect, {
    apply: (target, self: unknown, args: unknown[]): unknown => {
      const [value, options, ...others] = args;
      const plain = typeof options === "object" ? { ...options, colors: false } : options;
      return Reflect.apply(target, self, util.types.isNativeError(value) ? [value, plain, ...others] : args);
    },
  });
  Object.defineProperty(util, "inspect", { configurable: true, writable: true, value: withoutColours });
}
