import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import program from "../../index";
import { parseSettings } from "../../config/parse-settings";
import { capacityStatement } from "../../pipelines/model/capacity/capacity-statement";
import { planDocuments } from "../../pipelines/plan-documents";
import { amountOf } from "../../pipelines/model/values/amount";
import { platformFacts } from "../../platform-facts";
import { deploy, type RegisteredResource } from "../harness/deploy";
import { exampleSettings } from "../harness/example-settings";
import { manifests } from "../harness/manifests";
import { podTemplates, type OwnedPodTemplate } from "../harness/pod-templates";

const useSchema = z.strictObject({ least: z.string(), most: z.string(), limit: z.string().optional() });
const outputsSchema = z.looseObject({
  deployments: z.record(z.string(), z.looseObject({ namespace: z.unknown() })),
  capacity: z.looseObject({
    pipelines: z.record(z.string(), z.looseObject({ cluster: z.record(z.string(), useSchema) })),
  }),
});
type Outputs = z.infer<typeof outputsSchema>;

const scalerSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({
    minReplicas: z.number().optional(),
    maxReplicas: z.number().optional(),
    minReplicaCount: z.number().optional(),
    maxReplicaCount: z.number().optional(),
  }),
});

const controllerSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.looseObject({
    replicas: z.number().optional(),
    strategy: z.looseObject({ rollingUpdate: z.looseObject({ maxSurge: z.number() }) }).optional(),
  }),
});

/** All examples, where nothing else is demanded of the edge. */
const settingsUnderTest = { ...exampleSettings, environment: "dev" };

/** Runs the program of the project itself, with a stack's config. */
async function deployProgram(
  values: Readonly<Record<string, unknown>>,
): Promise<{ outputs: Outputs; resources: readonly RegisteredResource[] }> {
  // As the engine hands it over: texts as they are, all else as JSON.
  const config = Object.entries(values).map(([key, value]): [string, string] => [
    `algorun:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(config));
  try {
    const { result, resources } = await deploy(program);
    return { outputs: outputsSchema.parse(result), resources };
  } finally {
    pulumi.runtime.setAllConfig({});
  }
}

/** What the scheduler sets aside for a pod of a template, as Kubernetes' documentation has it. */
function podRequests({ template }: OwnedPodTemplate, resource: string): bigint {
  const { containers, initContainers = [] } = template.spec;
  const requestOf = (each: (typeof containers)[number]): bigint =>
    amountOf(each.resources.requests[resource] ?? 0);
  const sum = (list: typeof containers): bigint => list.reduce((total, each) => total + requestOf(each), 0n);
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
  const passing = initContainers.filter(({ restartPolicy }) => restartPolicy !== "Always").map(requestOf);
  return [sum(containers) + sum(sidecars), ...passing].reduce((a, b) => (a > b ? a : b));
}

/** The fewest and the most pods of a controller that need room at the same time. */
function podsOf(
  owner: OwnedPodTemplate,
  resources: readonly RegisteredResource[],
): readonly [number, number] {
  if (owner.kind === "Job") return [0, 2];
  const isOwn = ({
    metadata,
  }: {
    metadata: { name?: string | undefined; namespace?: string | undefined };
  }): boolean => metadata.name === owner.name && metadata.namespace === owner.namespace;
  const objects = manifests(resources).filter(isOwn);
  const controller = controllerSchema.parse(objects.find(({ kind }) => kind === owner.kind));
  const scaler = objects.find(({ kind }) => kind === "HorizontalPodAutoscaler" || kind === "ScaledObject");
  const { replicas = 1, strategy } = controller.spec;
  const scale = scaler === undefined ? {} : scalerSchema.parse(scaler).spec;
  const least = scale.minReplicas ?? scale.minReplicaCount ?? replicas;
  const most = scale.maxReplicas ?? scale.maxReplicaCount ?? replicas;
  return [least, owner.kind === "Deployment" && strategy?.rollingUpdate.maxSurge === 1 ? 2 * most : most];
}

describe("the capacity that the stack states", function () {
  this.timeout(120_000);
  let outputs: Outputs;
  let resources: readonly RegisteredResource[] = [];

  before(async () => {
    ({ outputs, resources } = await deployProgram(settingsUnderTest));
  });

  it("is what the planner says", () => {
    const settings = parseSettings(settingsUnderTest);
    const facts = platformFacts(settings);
    assert.deepEqual(
      outputs.capacity,
      capacityStatement(planDocuments({ documents: settings.documents, facts }).plans, facts),
    );
  });

  for (const resource of ["cpu", "memory", "ephemeral-storage", "nvidia.com/gpu"]) {
    it(`is what the pods of each pipeline ask for: ${resource}`, () => {
      const pipelines = Object.entries(outputs.capacity.pipelines);
      assert.ok(pipelines.length > 5);
      for (const [id, { cluster }] of pipelines) {
        const owners = podTemplates(resources).filter(
          ({ template }) => template.metadata.labels["algo.run/pipeline-deployment"] === id,
        );
        assert.ok(owners.length > 0, id);
        const asked = owners.map((owner) => {
          const [least, most] = podsOf(owner, resources);
          const each = podRequests(owner, resource);
          return { least: each * BigInt(least), most: each * BigInt(most) };
        });
        const stated = cluster[`requests.${resource}`] ?? { least: "0", most: "0" };
        for (const end of ["least", "most"] as const) {
          const sum = asked.reduce((total, each) => total + each[end], 0n);
          assert.equal(amountOf(stated[end]), sum, `${id}, at the ${end}`);
        }
      }
    });
  }

  it("is refused where it does not fit", async () => {
    await assert.rejects(
      deployProgram({
        environment: "dev",
        documents: ["pipelines/documents"],
        capacity: { allPipelines: { pods: 10 } },
      }),
      /all pipelines together take 48 of pods at the most, expected at most 10, their limit in algorun:capacity\.allPipelines: northwind\.vibration-watch 26 \(pipelines\/documents\/sensors\/vibration-watch\.yaml:\d+\), acme\.order-enrichment 22 \(pipelines\/documents\/orders\/order-enrichment\.yaml:\d+\); /,
    );
  });
});
