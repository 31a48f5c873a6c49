import * as pulumi from "@pulumi/pulumi";
import { generationOf, type RotatedSecret } from "../secret-rotation";
import type { EventHookPlan } from "../../pipelines/model/plan/plan";
import { DeploymentWorkload, type DeploymentWorkloadArgs } from "../workload/deployment-workload";
import type { ContainerArgs, VolumeArgs } from "../workload/pod-args";
import { stableJson } from "../workload/stable-text";
import { healthProbes, metricsPort, statedProbes } from "./health-probes";
import { PipelineComponent, type PipelineComponentArgs } from "./pipeline-component";

const configFolder = "/etc/algorun/hook";
const configFile = "config.json";
/** The volume with the secrets for signatures that are made. */
const signingVolume = "signing";

/** A pipeline's exit: AlgoRun's hook runner as a Deployment, which sends messages to webhooks. */
export class EventHook extends PipelineComponent<EventHookPlan> {
  readonly controller: pulumi.Resource;
  /**
   * Secrets by which receivers check signatures, by the webhook's name, for those whose secret is made: `whsec_` and the
   * secret in base64, as the libraries of Standard Webhooks take it.
   */
  readonly signingSecrets: Readonly<Record<string, pulumi.Output<string>>>;
  private readonly secrets: Readonly<Record<string, RotatedSecret>>;

  constructor(
    name: string,
    args: PipelineComponentArgs<EventHookPlan>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("EventHook", name, args, opts);
    this.secrets = this.makeSigningSecrets();
    this.signingSecrets = Object.fromEntries(
      Object.entries(this.secrets).map(([webhook, { inUse }]) => [
        webhook,
        inUse.apply(standardWebhooksSecret),
      ]),
    );
    const workload = new DeploymentWorkload(name, this.workloadArgs(), this.workloadOptions());
    this.controller = workload.nodes.deployment;
    this.registerOutputs();
  }

  private makeSigningSecrets(): Readonly<Record<string, RotatedSecret>> {
    const generation = generationOf(this.pipeline.rotation, "webhookSignatures");
    const signing = this.plan.webhooks.filter(({ signature }) => signature?.isGenerated === true);
    return Object.fromEntries(
      signing.map(({ name }) => [name, this.generateSecret(`signing-${name}`, { length: 32 }, generation)]),
    );
  }

  /** A secret on each line: a message is signed by all of them, so that receivers may know either. */
  private signingFiles(): Readonly<Record<string, pulumi.Output<string>>> {
    const files = Object.entries(this.secrets).map(([webhook, { working }]) => {
      const values = pulumi.all(working.map(({ value }) => value.apply(standardWebhooksSecret)));
      return [webhook, values.apply((lines) => lines.join("\n"))] as const;
    });
    return Object.fromEntries(files);
  }

  private secretVolumes(): Readonly<Record<string, VolumeArgs>> {
    const { secretMounts, signingFolder } = this.plan;
    const given = secretMounts.map(({ volume, secretName }) => [volume, { secret: secretName }] as const);
    const volumes: Readonly<Record<string, VolumeArgs>> = Object.fromEntries(given);
    if (signingFolder === undefined) return volumes;
    return { ...volumes, [signingVolume]: { secretFiles: this.signingFiles() } };
  }

  private workloadArgs(): DeploymentWorkloadArgs {
    const common = this.commonArgs();
    return {
      ...common,
      containers: [this.hook()],
      // Headers of webhooks may carry tokens, so the configuration is a Secret.
      volumes: {
        ...common.volumes,
        ...this.secretVolumes(),
        config: { secretFiles: { [configFile]: pulumi.secret(stableJson(this.plan.config)) } },
      },
      services: [],
      transform: this.pipeline.transform.eventHook,
    };
  }

  private hook(): ContainerArgs {
    const { plan, pipeline, dataAccess } = this;
    const { secretMounts, signingFolder } = plan;
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
      resources: plan.resources,
      mounts: [
        { volume: "config", path: configFolder },
        ...secretMounts.map(({ volume, folder }) => ({ volume, path: folder })),
        ...(signingFolder === undefined ? [] : [{ volume: signingVolume, path: signingFolder }]),
        ...dataAccess.mounts,
      ],
    };
  }
}

function standardWebhooksSecret(text: string): string {
  return `whsec_${Buffer.from(text).toString("base64")}`;
}
