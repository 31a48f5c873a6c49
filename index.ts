import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Pipeline } from "./components/pipeline/pipeline";
import { Platform } from "./components/platform";
import { qualifiedStack, readPlatformStack } from "./components/remote/read-platform-stack";
import { RemotePlatform } from "./components/remote/remote-platform";
import { readConfig, type Config } from "./config";
import { rotationReminders } from "./config/rotation-reminders";
import { kubeClientSettings } from "./kube-client-settings";
import { assertServed } from "./pipelines/assert-served";
import { planDocuments, rateLimitsOf, targetsFirst, takesMediaStreams } from "./pipelines/plan-documents";
import { platformFacts } from "./platform-facts";
import { assertReachable } from "./reachability";
import { RegistrationWindow } from "./registration-window";
import { stackOutputs } from "./stack-outputs";

/** How many pipelines the engine is busy with at a time: they have more to do than it does at once, 64 things by `make up`. */
const pipelinesAtOnce = 25;

/**
 * The platform, or that of another stack, and on it each pipeline; nothing is made before config, documents and
 * connections are in order.
 */
export = async (config: Config = readConfig()): Promise<object> => {
  const { platformStack, environment } = config;
  const remote = platformStack === undefined ? undefined : await readPlatformStack(platformStack);
  const facts = platformFacts(config, remote);
  const { plans, leftOut } = planDocuments({ ...config, facts, selection: config });
  if (remote && platformStack) assertServed({ plans, environment, platformStack }, remote);
  await assertReachable(config.neededServices);

  for (const reminder of rotationReminders(config)) await pulumi.log.warn(reminder);

  const provider = new k8s.Provider("kubernetes", {
    kubeconfig: config.cluster.kubeconfig,
    context: config.cluster.context,
    clusterIdentifier: config.cluster.identifier,
    kubeClientSettings,
    // Names are fixed, and pods follow a checksum: deleting and making anew would leave a gap.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  });

  // Other stacks make what is left out here; what only the platform can give them, they find.
  const served = [...plans, ...leftOut];
  const rateLimits = rateLimitsOf(served);
  const platform =
    remote === undefined
      ? new Platform(
          "platform",
          { ...config, mediaStreams: served.some(takesMediaStreams), rateLimits },
          { provider },
        )
      : new RemotePlatform("platform", { ...config, output: remote }, { provider });

  const window = new RegistrationWindow(pipelinesAtOnce);
  const making = targetsFirst<Promise<Pipeline>>(plans, async (plan, targets) => {
    const rolloutTargets = await Promise.all(targets);
    const args = {
      plan,
      platform,
      rolloutTargets,
      podDefaults: config.pods,
      gpuNodes: remote ? remote.facts.gpu : config.gpu,
      alerts: config.alerts,
      rotation: config.rotation,
      retainData: config.retainData,
      stack: remote && qualifiedStack(pulumi.getStack()),
    };
    return window.make(
      () => new Pipeline(plan.name, args, { provider }),
      ({ controllers }) => controllers,
    );
  });
  const pipelines = await Promise.all(making);

  return stackOutputs({ platform, pipelines, plans, environment, facts, rateLimits });
};
