import * as pulumi from "@pulumi/pulumi";
import type { EventHookPlan } from "../../pipelines/model/plan";
import { DeploymentWorkload, type DeploymentWorkloadArgs } from "../workload/deployment-workload";
import type { ContainerArgs } from "../workload/pod-args";
import { stableJson } from "../workload/stable-text";
import { healthProbes, metricsPort, statedProbes } from "./health-probes";
import { PipelineComponent, type PipelineComponentArgs } from "./pipeline-component";

const configFolder = "/etc/algorun/hook";
const configFile = "config.json";

/** A pipeline's exit: AlgoRun's hook runner as a Deployment, which sends messages to webhooks. */
export class EventHook extends PipelineComponent<EventHookPlan> {
  readonly controller: pulumi.Resource;

  constructor(
    name: string,
    args: PipelineComponentArgs<EventHookPlan>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("EventHook", name, args, opts);
    const workload = new DeploymentWorkload(name, this.workloadArgs(), this.workloadOptions());
    this.controller = workload.nodes.deployment;
    this.registerOutputs();
  }

  private workloadArgs(): DeploymentWorkloadArgs {
    const common = this.commonArgs();
    return {
      ...common,
      containers: [this.hook()],
      // Headers of webhooks may carry tokens, so the configuration is a Secret.
      volumes: {
        ...common.volumes,
        config: { secretFiles: { [configFile]: pulumi.secret(stableJson(this.plan.config)) } },
      },
      services: [],
      transform: this.pipeline.transform.eventHook,
    };
  }

  private hook(): ContainerArgs {
    const { plan, pipeline, dataAccess } = this;
    return {
      name: "hook",
      image: plan.image?.reference ?? pipeline.platform.registry.images.hookRunner,
      imagePullPolicy: plan.image?.pullPolicy,
      args: [`--config=${configFolder}/${configFile}`],
      env: dataAccess.env,
      fieldEnv: { INSTANCE_NAME: "metadata.name" },
      secretEnv: dataAccess.secretEnv,
      ports: plan.metricsPort === undefined ? [] : [this.port(metricsPort, plan.metricsPort)],
      probes: statedProbes(plan, healthProbes),
      resources: plan.resources ?? pipeline.defaults.eventHook ?? "tiny",
      mounts: [{ volume: "config", path: configFolder }, ...dataAccess.mounts],
    };
  }
}
