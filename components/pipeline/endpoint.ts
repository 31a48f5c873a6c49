import type * as pulumi from "@pulumi/pulumi";
import { generationOf, type RotatedSecret } from "../secret-rotation";
import { logVolume } from "../../pipelines/model/edges/write-ahead-log";
import type { EndpointPlan } from "../../pipelines/model/plan/plan";
import type { ContainerArgs } from "../workload/pod-args";
import { stableJson } from "../workload/stable-text";
import { StatefulSetWorkload, type StatefulSetWorkloadArgs } from "../workload/stateful-set-workload";
import {
  credentialFiles,
  streamKeys,
  type CredentialFiles,
  type EndpointCredentials,
} from "./endpoint-credentials";
import { healthProbes, metricsPort, statedProbes } from "./health-probes";
import { PipelineComponent, type PipelineComponentArgs } from "./pipeline-component";

const configFolder = "/etc/algorun/gateway";
const configFile = "config.json";

/**
 * A pipeline's entrance: AlgoRun's gateway as a StatefulSet, so that each pod finds its own write-ahead log again, with a
 * Service for the edge.
 */
export class Endpoint extends PipelineComponent<EndpointPlan> {
  readonly controller: pulumi.Resource;
  /** What callers and senders of media streams need. */
  readonly credentials: EndpointCredentials;
  private readonly credentialFiles: CredentialFiles;

  constructor(
    name: string,
    args: PipelineComponentArgs<EndpointPlan>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("Endpoint", name, args, opts);
    const { mediaStreams } = this.pipeline.platform;
    const apiKeys = this.makeApiKeys();
    this.credentials = {
      apiKeys: Object.fromEntries(Object.entries(apiKeys).map(([caller, { inUse }]) => [caller, inUse])),
      streamKeys: streamKeys("publish", this.plan, mediaStreams),
    };
    this.credentialFiles = credentialFiles(this.plan, apiKeys, mediaStreams);
    const workload = new StatefulSetWorkload(name, this.workloadArgs(), this.workloadOptions());
    this.controller = workload.nodes.statefulSet;
    this.registerOutputs();
  }

  /** Letters and digits only: a key stands in headers and on command lines. */
  private makeApiKeys(): Readonly<Record<string, RotatedSecret>> {
    const { authentication } = this.plan;
    const generation = generationOf(this.pipeline.rotation, "apiKeys");
    const callers = authentication?.kind === "apiKeys" ? authentication.callers : [];
    return Object.fromEntries(
      callers.map((caller) => [caller, this.generateSecret(`api-key-${caller}`, { length: 40 }, generation)]),
    );
  }

  private workloadArgs(): StatefulSetWorkloadArgs {
    const common = this.commonArgs();
    const { writeAheadLog, config } = this.plan;
    const { size, storageClass, memory } = writeAheadLog;
    return {
      ...common,
      containers: [this.gateway()],
      volumes: {
        ...common.volumes,
        config: { files: { [configFile]: stableJson(config) } },
        ...this.credentialFiles.volumes,
        ...(memory === undefined
          ? {}
          : { [logVolume]: { emptyDir: { sizeLimit: memory, medium: "Memory" } } }),
      },
      claims: size === undefined ? {} : { [logVolume]: { size, storageClass } },
      // Requests in flight are answered, and what the log holds is sent while Kafka answers.
      terminationGracePeriodSeconds: 60,
      // No pod waits for another: each has its own log.
      podManagementPolicy: "Parallel",
      transform: this.pipeline.transform.endpoint,
    };
  }

  private gateway(): ContainerArgs {
    const { plan, pipeline, dataAccess } = this;
    return {
      name: "gateway",
      image: plan.image?.reference ?? pipeline.platform.registry.images.gateway,
      imagePullPolicy: plan.image?.pullPolicy,
      args: [`--config=${configFolder}/${configFile}`],
      env: { ...dataAccess.env, ...this.mediaEnvironment() },
      fieldEnv: { INSTANCE_NAME: "metadata.name" },
      secretEnv: dataAccess.secretEnv,
      ports: [
        this.port("http", plan.ports.http),
        this.port("grpc", plan.ports.grpc),
        this.port(metricsPort, plan.ports.metrics),
      ],
      probes: statedProbes(plan, healthProbes),
      resources: plan.resources,
      mounts: [
        { volume: "config", path: configFolder },
        { volume: logVolume, path: plan.writeAheadLog.path },
        ...this.credentialFiles.mounts,
        ...dataAccess.mounts,
      ],
    };
  }

  /** Where media streams are pulled from; the streams' names are in the configuration. */
  private mediaEnvironment(): ContainerArgs["env"] {
    const { mediaStreams } = this.pipeline.platform;
    const pulls = this.plan.network.egress.some(({ to }) => to === "mediaStreams");
    return pulls && mediaStreams !== undefined ? { RTMP_ADDRESS: mediaStreams.internalAddress } : {};
  }
}
