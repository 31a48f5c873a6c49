import { z } from "zod";
import { askPulumi, configFlags, showPulumi, type Stack } from "./stack";

const text = z.string().min(1);

/** The part of a stack's state that an interrupted update leaves behind. */
const deploymentSchema = z.object({
  deployment: z
    .object({
      pending_operations: z
        .array(
          z.object({
            type: z.string(),
            resource: z.object({ urn: text, type: text, inputs: z.unknown() }),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
type PendingOperation = NonNullable<
  NonNullable<z.infer<typeof deploymentSchema>["deployment"]>["pending_operations"]
>[number];

const objectInputs = z.object({ metadata: z.object({ name: text, namespace: text.optional() }) });
const topicInputs = z.object({ name: text });

/**
 * Settles what an update that was killed had begun and not recorded: of each resource that it
 * may or may not have made, the real state is read.
 */
export async function settleInterruptedUpdate(stack: Stack): Promise<void> {
  const exported = await askPulumi(stack, ["stack", "export", "--stack", stack.name]);
  const { deployment } = deploymentSchema.parse(JSON.parse(exported));
  const pending = deployment?.pending_operations ?? [];
  if (pending.length === 0) return;
  console.log(
    `The last update was interrupted during ${pending.length} operations. Looking what became of them.`,
  );
  const imports = pending.flatMap((operation) => {
    const id = operation.type === "creating" ? identifierOf(operation) : undefined;
    return id === undefined
      ? []
      : ["--import-pending-creates", operation.resource.urn, "--import-pending-creates", id];
  });
  const args = ["refresh", "--yes", "--skip-preview", "--stack", stack.name, ...configFlags(stack)];
  await showPulumi(stack, [...args, ...imports, "--clear-pending-creates"]);
}

/** What a resource that is being made will be called by its provider, where that follows from its inputs. */
function identifierOf({ resource }: PendingOperation): string | undefined {
  if (resource.type === "kafka:index/topic:Topic") return topicInputs.safeParse(resource.inputs).data?.name;
  if (!resource.type.startsWith("kubernetes:")) return undefined;
  const metadata = objectInputs.safeParse(resource.inputs).data?.metadata;
  return metadata?.namespace === undefined ? metadata?.name : `${metadata.namespace}/${metadata.name}`;
}
