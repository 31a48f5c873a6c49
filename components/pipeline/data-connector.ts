import * as pulumi from "@pulumi/pulumi";
import type { DataConnectorPlan } from "../../pipelines/model/plan/plan";
import { workerFiles, workerPaths } from "../data/kafka-connect/worker-layout";
import { secretFolder, workerProperties } from "../data/kafka-connect/worker-properties";
import { metricsRules, workerStartScript } from "../data/kafka-connect/worker-scripts";
import { loggingProperties } from "../data/kafka/cluster-scripts";
import { kafkaIdentityKeys } from "../data/kafka/kafka-identity";
import { imageReference, images } from "../images";
import { DeploymentWorkload, type DeploymentWorkloadArgs } from "../workload/deployment-workload";
import { JobWorkload } from "../workload/job-workload";
import { podsOf } from "../workload/network-policy";
import type { ContainerArgs, PortArgs, ProbesArgs, VolumeArgs } from "../workload/pod-args";
import { contentHash } from "../workload/stable-text";
import { httpProbe, tcpProbe } from "../workload/probes";
import { autoRestartName, autoRestartWorkload } from "./connector-auto-restart";
import { registrationJob, registrationName } from "./connector-registration";
import { metricsPort, statedProbes } from "./health-probes";
import { PipelineComponent, type PipelineComponentArgs } from "./pipeline-component";

/** Name of the port of the workers' REST API. */
const restPort = "rest";

/**
 * Plugins are looked for before anything is answered, which takes a while with many of them. `/health` (Kafka 3.9) asks
 * whether the worker is a member of its cluster; a restart does not bring back a Kafka that is away, so it decides on
 * readiness alone.
 */
const workerProbes: ProbesArgs = {
  startup: tcpProbe(restPort, { periodSeconds: 5, failureThreshold: 120 }),
  liveness: tcpProbe(restPort, { periodSeconds: 20, failureThreshold: 6 }),
  readiness: httpProbe(restPort, "/health"),
};

/** A pipeline's way to or from another system: a Kafka Connect cluster as a Deployment, and one connector in it. */
export class DataConnector extends PipelineComponent<DataConnectorPlan> {
  readonly controller: pulumi.Resource;

  constructor(
    name: string,
    args: PipelineComponentArgs<DataConnectorPlan>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("DataConnector", name, args, opts);
    const { plan, pipeline } = this;
    const workers = new DeploymentWorkload(name, this.workloadArgs(), this.workloadOptions());
    const context = {
      plan,
      workers: workers.address([restPort]),
      host: workers.host(),
      namespace: pipeline.namespace,
      kafka: pipeline.platform.kafka,
    };
    const registration = new JobWorkload(
      this.childName("register"),
      registrationJob(context),
      this.childOptions({ dependsOn: [...pipeline.namespace.ready, workers.nodes.deployment] }),
    );
    this.controller = registration.nodes.job;
    if (plan.autoRestart !== undefined) {
      new DeploymentWorkload(
        this.childName("auto-restart"),
        autoRestartWorkload(context),
        this.childOptions({ dependsOn: [...pipeline.namespace.ready, this.controller] }),
      );
    }
    this.registerOutputs();
  }

  private workloadArgs(): DeploymentWorkloadArgs {
    const { plan, pipeline } = this;
    const common = this.commonArgs();
    const self = { peers: [podsOf(plan.name)], ports: [plan.restPort] };
    return {
      ...common,
      app: { ...common.app, version: plan.connector.versionTag },
      containers: [this.worker()],
      egress: [...(common.egress ?? []), self],
      volumes: this.volumes(),
      services: [{ ports: [restPort] }],
      // Tasks get five seconds of it; the rest is for handing them over.
      terminationGracePeriodSeconds: 60,
      // A renamed deployment has another namespace and the same group: its workers could not reach an old leader.
      deleteBeforeReplace: true,
      transform: pipeline.transform.dataConnector,
    };
  }

  private worker(): ContainerArgs {
    const { plan } = this;
    return {
      name: "worker",
      image: plan.image?.reference ?? imageReference(images.kafka),
      imagePullPolicy: plan.image?.pullPolicy,
      command: ["sh", `${workerPaths.configuration}/${workerFiles.start}`],
      fieldEnv: { POD_IP: "status.podIP" },
      ports: this.ports(),
      probes: statedProbes(plan, workerProbes),
      resources: plan.resources,
      mounts: [
        { volume: "configuration", path: workerPaths.configuration },
        { volume: "credentials", path: workerPaths.credentials },
        ...plan.secrets.map(({ name }) => ({
          volume: volumeOf(name),
          path: secretFolder(workerPaths, name),
        })),
      ],
    };
  }

  private ports(): readonly PortArgs[] {
    const { plan } = this;
    const clients = [podsOf(plan.name), podsOf(registrationName(plan)), podsOf(autoRestartName(plan))];
    const rest: PortArgs = { name: restPort, port: plan.restPort, clients };
    return plan.metricsPort === undefined ? [rest] : [rest, this.port(metricsPort, plan.metricsPort)];
  }

  private volumes(): Readonly<Record<string, VolumeArgs>> {
    const { plan, identity, pipeline } = this;
    const { jaasConfig, caCertificate } = kafkaIdentityKeys;
    const keys =
      pipeline.platform.kafka.caCertificate === undefined ? [jaasConfig] : [jaasConfig, caCertificate];
    return {
      configuration: { files: this.configuration() },
      credentials: { secret: identity.secretName, items: itself(keys) },
      ...Object.fromEntries(
        plan.secrets.map((secret): [string, VolumeArgs] => [
          volumeOf(secret.name),
          { secret: secret.name, items: itself(secret.keys) },
        ]),
      ),
    };
  }

  private configuration(): Readonly<Record<string, pulumi.Input<string>>> {
    const { plan, pipeline } = this;
    const { kafka } = pipeline.platform;
    const { metricsAgent, metricsPort: port } = plan;
    const agent = metricsAgent === undefined || port === undefined ? undefined : { jar: metricsAgent, port };
    return {
      [workerFiles.start]: workerStartScript(workerPaths, agent),
      [workerFiles.logging]: loggingProperties(),
      ...(agent === undefined ? {} : { [workerFiles.metrics]: metricsRules() }),
      [workerFiles.worker]: kafka.bootstrapServers.apply((bootstrapServers) =>
        workerProperties({
          paths: workerPaths,
          bootstrapServers,
          securityProtocol: kafka.securityProtocol,
          saslMechanism: kafka.saslMechanism,
          ownAuthority: kafka.caCertificate !== undefined,
          group: plan.identity.workerGroup ?? plan.registeredName,
          topics: plan.internalTopics,
          listenHost: "0.0.0.0",
          restPort: plan.restPort,
          secrets: plan.secrets.map(({ name }) => name),
        }),
      ),
    };
  }
}

/** Name of the volume of a Secret, whose own name may be no DNS label. */
function volumeOf(secret: string): string {
  return `secret-${contentHash(secret).slice(0, 8)}`;
}

/** Keys as files of the same name. */
function itself(keys: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map((key) => [key, key]));
}
