import type * as pulumi from "@pulumi/pulumi";
import type { EndpointPlan } from "../../pipelines/model/plan";
import type { ContainerArgs } from "../workload/pod-args";
import { stableJson } from "../workload/stable-text";
import { StatefulSetWorkload, type StatefulSetWorkloadArgs } from "../workload/stateful-set-workload";
import { healthProbes, metricsPort, statedProbes } from "./health-probes";
import { PipelineComponent, type PipelineComponentArgs } from "./pipeline-component";

const configFolder = "/etc/algorun/gateway";
const configFile = "config.json";
/** The volume, or the claim, of the write-ahead log. */
const logVolume = "wal";
/** Room for the index and the lock of a log that is kept in memory. */
const memoryLogSize = "64Mi";

/**
 * A pipeline's entrance: AlgoRun's gateway as a StatefulSet, so that each pod finds its own write-ahead log again, with a
 * Service for the edge.
 */
export class Endpoint extends PipelineComponent<EndpointPlan> {
  readonly controller: pulumi.Resource;

  constructor(
    name: string,
    args: PipelineComponentArgs<EndpointPlan>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("Endpoint", name, args, opts);
    const workload = new StatefulSetWorkload(name, this.workloadArgs(), this.workloadOptions());
    this.controller = workload.nodes.statefulSet;
    this.registerOutputs();
  }

  private workloadArgs(): StatefulSetWorkloadArgs {
    const common = this.commonArgs();
    const { writeAheadLog, config } = this.plan;
    const { size } = writeAheadLog;
    return {
      ...common,
      containers: [this.gateway()],
      volumes: {
        ...common.volumes,
        config: { files: { [configFile]: stableJson(config) } },
        ...(size === undefined ? { [logVolume]: { emptyDir: { sizeLimit: memoryLogSize } } } : {}),
      },
      claims: size === undefined ? {} : { [logVolume]: { size } },
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
      resources: plan.resources ?? pipeline.defaults.endpoint ?? "small",
      mounts: [
        { volume: "config", path: configFolder },
        { volume: logVolume, path: plan.writeAheadLog.path },
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
