import type * as pulumi from "@pulumi/pulumi";
import type { AlgoComponentPlan } from "../../pipelines/model/plan/plan";
import { DeploymentWorkload, type DeploymentWorkloadArgs } from "../workload/deployment-workload";
import { algoPod } from "./algo-pod";
import { metricsPort } from "./health-probes";
import { PipelineComponent, type PipelineComponentArgs } from "./pipeline-component";

/** Seconds beyond one message's time that a pod gets to say goodbye to Kafka. */
const farewellSeconds = 15;

/** A step of a pipeline: somebody's program as a Deployment, with AlgoRun's runner beside it, in it, or without. */
export class Algo extends PipelineComponent<AlgoComponentPlan> {
  readonly controller: pulumi.Resource;

  constructor(
    name: string,
    args: PipelineComponentArgs<AlgoComponentPlan>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("Algo", name, args, opts);
    const workload = new DeploymentWorkload(name, this.workloadArgs(), this.workloadOptions());
    this.controller = workload.nodes.deployment;
    this.registerOutputs();
  }

  private workloadArgs(): DeploymentWorkloadArgs {
    const { plan, pipeline, dataAccess } = this;
    const common = this.commonArgs();
    const pod = algoPod(plan, {
      dataAccess,
      runnerImage: plan.runnerImage?.reference ?? pipeline.platform.registry.images.runner,
      ports: plan.metricsPort === undefined ? [] : [this.port(metricsPort, plan.metricsPort)],
    });
    return {
      ...common,
      ...pod,
      app: { ...common.app, version: plan.algo.versionTag },
      volumes: { ...common.volumes, ...pod.volumes },
      ...(plan.gpu && pipeline.gpuNodes && { nodes: pipeline.gpuNodes }),
      // Nobody keeps a GPU idle for updates; meanwhile messages wait in their topics.
      updateBegins: plan.gpu === undefined ? "start" : "stop",
      terminationGracePeriodSeconds: plan.timeoutSeconds + farewellSeconds,
      // Messages come from Kafka, so there is nobody to serve.
      services: [],
      transform: pipeline.transform.algo,
    };
  }
}
