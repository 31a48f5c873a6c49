import { z } from "zod";
import { parseJson } from "../local/files";
import { askPulumi, type Stack } from "../local/stack/stack";

const texts = z.record(z.string(), z.string()).default({});

const deploymentSchema = z.object({
  credentials: z
    .object({ apiKeys: texts, streamKeys: texts, signingSecrets: texts })
    .default({ apiKeys: {}, streamKeys: {}, signingSecrets: {} }),
});

const outputsSchema = z.object({ deployments: z.record(z.string(), deploymentSchema) });

/** What the clients of a deployment need, as its stack's outputs have it. */
export type Credentials = z.infer<typeof deploymentSchema>["credentials"];

/** Asks the stack for the credentials of a deployment. */
export async function deploymentCredentials(stack: Stack, id: string): Promise<Credentials> {
  const said = await askPulumi(stack, ["stack", "output", "--json", "--show-secrets", "--stack", stack.name]);
  const { deployments } = parseJson(said, outputsSchema, "The list of outputs");
  return deployments[id]?.credentials ?? { apiKeys: {}, streamKeys: {}, signingSecrets: {} };
}
