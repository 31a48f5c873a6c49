import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Pipeline } from "./components/pipeline/pipeline";
import { Platform } from "./components/platform";
import { handOver } from "./components/remote/hand-over";
import { qualifiedStack, readPlatformStack } from "./components/remote/read-platform-stack";
import { RemotePlatform } from "./components/remote/remote-platform";
import { openRotations } from "./components/secret-rotation";
import { readConfig, type Config } from "./config";
import { assertServed } from "./pipelines/assert-served";
import { capacityStatement } from "./pipelines/model/capacity/capacity-statement";
import { planDocuments, rateLimitsOf, targetsFirst, takesMediaStreams } from "./pipelines/plan-documents";
import { platformFacts } from "./platform-facts";
import { assertReachable } from "./reachability";

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

  for (const reminder of openRotations(config.rotation)) await pulumi.log.warn(reminder);

  const provider = new k8s.Provider("kubernetes", {
    kubeconfig: config.cluster.kubeconfig,
    context: config.cluster.context,
    clusterIdentifier: config.cluster.identifier,
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

  const pipelines = targetsFirst<Pipeline>(plans, (plan, rolloutTargets) => {
    return new Pipeline(
      plan.name,
      {
        plan,
        platform,
        rolloutTargets,
        podDefaults: config.pods,
        gpuNodes: remote ? remote.facts.gpu : config.gpu,
        alerts: config.alerts,
        rotation: config.rotation,
        retainData: config.retainData,
        stack: remote && qualifiedStack(pulumi.getStack()),
      },
      { provider },
    );
  });

  return {
    /** Where the platform answers. */
    addresses: {
      http: platform.gateway.httpAddress,
      grpc: platform.gateway.grpcAddress,
      rtmp: platform.mediaStreams?.publishAddress,
      grafana: platform.grafana.url,
    },
    /** Where each pipeline takes messages in and is watched, what its clients need, and what flows through it. */
    deployments: Object.fromEntries(
      pipelines.map(({ id, addresses, credentials, dashboard, namespace, topics }) => [
        id,
        { addresses, credentials, dashboard, namespace, topics },
      ]),
    ),
    /** What pipelines take of the cluster and of Kafka, at the least and at the most. */
    capacity: capacityStatement(plans, facts),
    /** What only a stack with a platform has. */
    ...(platform instanceof Platform && {
      /** What stacks of pipelines need that use this platform by `algorun:platformStack`; a secret. */
      platform: handOver(platform, {
        environment,
        facts,
        rateLimits,
        deployments: plans.map(({ id }) => id),
      }),
      /** Password of Grafana's user `admin`. */
      grafanaPassword: platform.grafana.adminPassword,
    }),
  };
};
