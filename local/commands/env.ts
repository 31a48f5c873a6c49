import { readConnections } from "../connections";
import { shellQuote } from "../shell-quote";
import { UserError } from "../user-error";
import { environmentVariables } from "../variables";
import { runCommand } from "./command";

/** `make env`: what a shell needs to work with the environment, for `eval "$(make env)"`. */
runCommand((layout) => {
  if (!readConnections(layout)) throw new UserError("There is no environment yet: run `make up` first.");
  for (const [name, value] of Object.entries(environmentVariables(layout))) {
    console.log(`export ${name}=${shellQuote(String(value))}`);
  }
  console.log(`export PATH=${shellQuote(layout.bin)}:"$PATH"`);
  return Promise.resolve(0);
});
