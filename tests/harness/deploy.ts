import * as pulumi from "@pulumi/pulumi";

export {
  recordProgram as deploy,
  type RecordedProgram as Deployed,
  type RecordingOptions as DeployOptions,
  type RegisteredResource,
} from "../../render/record-program";

/** Waits for an output's value. */
export async function settle<Value>(output: pulumi.Input<Value>): Promise<pulumi.Unwrap<Value>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve);
  });
}
