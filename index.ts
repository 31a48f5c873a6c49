import * as k8s from "@pulumi/kubernetes";
import { kafkaFacts } from "./components/data/kafka/kafka-facts";
import { Pipeline } from "./components/pipeline/pipeline";
import { Platform } from "./components/platform";
import { readConfig } from "./config";
import { planDocuments, rateLimitsOf, targetsFirst, takesMediaStreams } from "./pipelines/plan-documents";
import { assertReachable } from "./reachability";

/** The platform, and on it each pipeline; nothing is made before config, documents and connections are in order. */
export = async (): Promise<object> => {
  const config = readConfig();
  const plans = planDocuments(config.documents, {
    kafka: kafkaFacts(config.kafka),
    gpu: config.gpu,
    consumerLag: config.consumerLag,
    edge: { hostname: config.ambassador.hostname },
  });
  await assertReachable(config.neededServices);

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
    /** Where each pipeline takes messages in, what its clients need, and what flows through it. */
    deployments: Object.fromEntries(
      pipelines.map(({ id, addresses, credentials, namespace, topics }) => [
        id,
        { addresses, credentials, namespace, topics },
      ]),
    ),
    /** Password of Grafana's user `admin`. */
    grafanaPassword: platform.grafana.adminPassword,
  };
};
