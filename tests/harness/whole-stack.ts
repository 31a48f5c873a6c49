import { Pipeline } from "../../components/pipeline/pipeline";
import { Platform } from "../../components/platform";
import { parseSettings } from "../../config/parse-settings";
import { planDocuments, rateLimitsOf, targetsFirst, takesMediaStreams } from "../../pipelines/plan-documents";
import { platformFacts } from "../../platform-facts";
import { deploy, type RegisteredResource } from "./deploy";

/**
 * The whole platform and the pipelines of some documents, as a stack with this config would register them.
 *
 * @param values - values of config keys; the rest has its default
 */
export async function deployStack(
  values: Readonly<Record<string, unknown>> = {},
): Promise<readonly RegisteredResource[]> {
  const settings = parseSettings(values);
  const plans = planDocuments(settings.documents, platformFacts(settings));
  const retainData = settings.environment !== "dev";
  const { resources } = await deploy(() => {
    const mediaStreams = plans.some(takesMediaStreams);
    const platform = new Platform("platform", {
      ...settings,
      mediaStreams,
      rateLimits: rateLimitsOf(plans),
      retainData,
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
        retainData,
      };
      return new Pipeline(plan.name, args);
    });
  });
  return resources;
}
