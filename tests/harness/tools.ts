import { toolNames } from "../../local/toolchain/definitions";
import { resolveTools } from "../../local/toolchain/toolchain";
import { UserError } from "../../local/user-error";

/**
 * Has every tool that tests run before the first test begins: to build one takes longer than any test may.
 * Mocha calls it by this name.
 */
export async function mochaGlobalSetup(): Promise<void> {
  try {
    await resolveTools(toolNames);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
