import type { Context } from "mocha";

/**
 * Prints what has failed when it has failed: with several files at a time, mocha keeps it until the end, which is hours
 * away, or never comes. Mocha calls it by this name.
 */
export const mochaHooks = {
  afterEach(this: Context): void {
    const { currentTest } = this;
    if (currentTest?.state !== "failed") return;
    console.error(`      failed: ${currentTest.fullTitle()}\n${currentTest.err?.stack ?? ""}`);
  },
};
