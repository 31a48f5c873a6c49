import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Pipeline } from "./components/pipeline/pipeline";
import { Platform } from "./components/platform";
import { openRotations } from "./components/secret-rotation";
import { readConfig, type Config } from "./config";
import { capacityStatement } from "./pipelines/model/capacity/capacity-statement";
import { planDocuments, rateLimitsOf, targetsFirst, takesMediaStreams } from "./pipelines/plan-documents";
import { platformFacts } from "./platform-facts";
import { assertReachable } from "./reachability";

/** The platform, and on it each pipeline; nothing is made before config, documents and connections are in order. */
export = async (config: Config = readConfig()): Promise<object> => {
  const facts = platformFacts(config);
  const plans = planDocuments(config.documents, facts);
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

  const platform = new Platform(
    "platform",
    { ...config, mediaStreams: plans.some(takesMediaStreams), rateLimits: rateLimitsOf(plans) },
    { provider },
  );

  const pipelines = targetsFirst<Pipeline>(plans, (plan, rolloutTargets) => {
    return new Pipeline(
      plan.name,
      {
        plan,
        platform,
        rolloutTargets,
        podDefaults: config.pods,
        gpuNodes: config.gpu,
        alerts: config.alerts,
        rotation: config.rotation,
        retainData: config.retainData,
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
    /** Password of Grafana's user `admin`. */
    grafanaPassword: platform.grafana.adminPassword,
  };
};
