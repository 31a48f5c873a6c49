import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Pipeline } from "./components/pipeline/pipeline";
import { kafkaFacts } from "./components/data/kafka/kafka-facts";
import { Platform } from "./components/platform";
import { readConfig } from "./config";
import { planDocuments, takesMediaStreams } from "./pipelines/plan-documents";

const config = readConfig();
const plans = planDocuments(config.documents, { kafka: kafkaFacts(config.kafka) });

const kubernetes = new k8s.Provider("kubernetes", {
  kubeconfig: config.cluster.kubeconfig,
  context: config.cluster.context,
  clusterIdentifier: config.cluster.identifier,
});

const platform = new Platform(
  "platform",
  { ...config, mediaStreams: plans.some(takesMediaStreams) },
  { provider: kubernetes },
);

const pipelines = plans.map(
  (plan) =>
    new Pipeline(
      plan.name,
      {
        plan,
        platform,
        podDefaults: config.pods,
        defaults: config.pipelineDefaults,
        retainData: config.retainData,
      },
      { provider: kubernetes },
    ),
);

/** Where the platform answers. */
export const addresses = {
  http: platform.gateway.httpAddress,
  grpc: platform.gateway.grpcAddress,
  rtmp: platform.mediaStreams?.publishAddress,
  grafana: platform.grafana.url,
};

/** Where each pipeline takes messages in, and what flows through it. */
export const deployments = Object.fromEntries(
  pipelines.map((pipeline, index) => [
    plans[index]?.id ?? "",
    { addresses: pipeline.addresses, namespace: pipeline.namespace, topics: pipeline.topics },
  ]),
);

/** Password of Grafana's user `admin`: `pulumi stack output grafanaPassword --show-secrets`. */
export const grafanaPassword = pulumi.secret(platform.grafana.adminPassword);
