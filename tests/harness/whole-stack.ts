import * as pulumi from "@pulumi/pulumi";
import { Pipeline } from "../../components/pipeline/pipeline";
import { Platform } from "../../components/platform";
import type { PlatformArgs } from "../../components/platform-args";
import { parseSettings } from "../../config/parse-settings";
import type { Settings } from "../../config/settings-schema";
import { planDocuments, rateLimitsOf, targetsFirst, takesMediaStreams } from "../../pipelines/plan-documents";
import { platformFacts } from "../../platform-facts";
import { deploy, type RegisteredResource } from "./deploy";

/** Begins every password of a system that somebody else runs. */
export const externalPassword = "password-of-an-external";

/**
 * The whole platform and the pipelines of some documents, as a stack with this config would register them.
 *
 * @param values - values of config keys; the rest has its default
 */
export async function deployStack(
  values: Readonly<Record<string, unknown>> = {},
): Promise<readonly RegisteredResource[]> {
  const settings = parseSettings(values);
  const { documents } = settings;
  const { plans } = planDocuments({ documents, facts: platformFacts(settings), selection: settings });
  const retainData = settings.environment !== "dev";
  const { resources } = await deploy(() => {
    const mediaStreams = plans.some(takesMediaStreams);
    const platform = new Platform("platform", {
      ...settings,
      mediaStreams,
      rateLimits: rateLimitsOf(plans),
      retainData,
      ...secretsOf(settings),
    });
    const { gpu: gpuNodes, alerts } = settings;
    targetsFirst<Pipeline>(plans, (plan, rolloutTargets) => {
      const args = {
        plan,
        platform,
        podDefaults: settings.pods,
        gpuNodes,
        rolloutTargets,
        alerts,
        rotation: settings.rotation,
        retainData,
      };
      return new Pipeline(plan.name, args);
    });
  });
  return resources;
}

/** What a stack keeps secret, where its settings need it. */
function secretsOf({ kafka, objectStorage, sql, redis }: Settings): Partial<PlatformArgs> {
  return {
    ...(kafka.mode === "external" && {
      kafkaAdministration: { ...kafka.administration, password: pulumi.secret(`${externalPassword}-kafka`) },
    }),
    ...(objectStorage.engine === "external" && {
      objectStorageSecretAccessKey: pulumi.secret(`${externalPassword}-storage`),
    }),
    ...(sql.mode === "external" && { sqlPassword: pulumi.secret(`${externalPassword}-sql`) }),
    ...(redis.mode === "external" && { redisPassword: pulumi.secret(`${externalPassword}-redis`) }),
  };
}
