import type * as pulumi from "@pulumi/pulumi";
import type { ComponentPlan, EgressPlan, IngressPlan, PipelinePlan } from "../../pipelines/model/plan/plan";
import { Component } from "../component";
import { KafkaIdentity, kafkaIdentityKeys } from "../data/kafka/kafka-identity";
import type { KafkaTopics } from "../data/kafka/kafka-topics";
import type { NetworkAddress, PlatformServices } from "../platform-services";
import { generationOf, type RotationSettings } from "../secret-rotation";
import { TriggerAuthentication } from "../workload/keda";
import type { NodeArgs, PortArgs } from "../workload/pod-args";
import type { ServingWorkloadArgs } from "../workload/workload-args";
import { autoscalingArgs } from "./autoscaling-metrics";
import { kafkaAccess, mergeAccess, type DataAccess } from "./data-access";
import { followsLag } from "./lag-triggers";
import type { PipelineTransforms } from "./pipeline-args";
import type { PipelineNamespace } from "./pipeline-namespace";
import type { PipelineStorage } from "./pipeline-storage";
import { outsideAddresses } from "./outside-addresses";

/** What all components of a pipeline share. */
export interface PipelineContext {
  readonly plan: PipelinePlan;
  readonly platform: PlatformServices;
  readonly namespace: PipelineNamespace;
  /** Undefined when no message carries its bytes by reference. */
  readonly storage: PipelineStorage | undefined;
  readonly topics: KafkaTopics;
  readonly gpuNodes: NodeArgs | undefined;
  readonly rotation: RotationSettings | undefined;
  readonly transform: PipelineTransforms;
}

/** Arguments of a component of a pipeline. */
export interface PipelineComponentArgs<Plan extends ComponentPlan> {
  readonly plan: Plan;
  readonly pipeline: PipelineContext;
  /** What must run before this component does: the readers of what it writes. */
  readonly after: readonly pulumi.Resource[];
}

/** A component of a pipeline: a Kafka user of its own, and pods that use it. */
export abstract class PipelineComponent<Plan extends ComponentPlan> extends Component {
  /** What is ready when the component's pods are. */
  abstract readonly controller: pulumi.Resource;
  protected readonly plan: Plan;
  protected readonly pipeline: PipelineContext;
  /** What the container that talks to Kafka and to the bucket needs. */
  protected readonly dataAccess: DataAccess;
  /** Its Kafka user. */
  protected readonly identity: KafkaIdentity;
  /** What lets an autoscaler ask Kafka about this component. */
  private readonly authentication: readonly pulumi.Resource[];
  private readonly after: readonly pulumi.Resource[];

  protected constructor(
    kind: "Endpoint" | "Algo" | "DataConnector" | "EventHook",
    name: string,
    args: PipelineComponentArgs<Plan>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ) {
    super(`pipeline:${kind}`, name, opts);
    this.plan = args.plan;
    this.pipeline = args.pipeline;
    this.after = args.after;
    const { plan, pipeline } = args;
    this.identity = this.makeIdentity();
    this.authentication = followsLag(plan.autoscaling) ? [this.makeTriggerAuthentication()] : [];
    this.dataAccess = mergeAccess(
      kafkaAccess(pipeline.platform.kafka, plan.identity, this.identity),
      pipeline.storage?.accessOf(plan.name),
    );
  }

  /** Options of the workload: the namespace is guarded, the user may do its work, and the readers are there. */
  protected workloadOptions(): pulumi.ComponentResourceOptions {
    const { namespace, storage } = this.pipeline;
    const uses = storage?.isUsedBy(this.plan.name) === true ? storage.ready : [];
    return this.childOptions({
      dependsOn: [...namespace.ready, ...this.identity.ready, ...this.authentication, ...uses, ...this.after],
    });
  }

  /** What the workloads of all kinds of component are told alike. */
  protected commonArgs(): Omit<ServingWorkloadArgs, "containers"> {
    const { plan, pipeline } = this;
    const { metricsPort } = plan;
    return {
      namespace: pipeline.namespace.namespaceName,
      name: plan.name,
      app: { name: plan.name, component: plan.kind },
      labels: plan.labels,
      defaults: pipeline.namespace.podDefaults,
      replicas: plan.replicas,
      autoscaling: autoscalingArgs(plan.autoscaling, {
        kafka: pipeline.platform.kafka,
        authentication: secretName(plan),
      }),
      egress: egressAddresses(plan.network.egress, pipeline.platform),
      podAnnotations:
        metricsPort === undefined
          ? undefined
          : pipeline.platform.observability.scrapeAnnotations(metricsPort, "/metrics"),
      volumes: this.dataAccess.volumes,
      rollOn: this.dataAccess.rollOn,
    };
  }

  /** A port with the clients that the plan lets in. */
  protected port(name: string, port: number): PortArgs {
    const clients = ingressPeers(this.plan.network.ingress, port, this.pipeline.platform);
    // An empty list would let everybody in.
    return clients.length === 0 ? { name, port } : { name, port, clients };
  }

  /** KEDA asks Kafka as the component itself: it may see its own group and topics, and nothing else. */
  private makeTriggerAuthentication(): TriggerAuthentication {
    const { plan, pipeline, identity } = this;
    const { username, password, caCertificate } = kafkaIdentityKeys;
    const name = identity.secretName;
    const ca = [{ parameter: "ca", name, key: caCertificate }] as const;
    return this.child(TriggerAuthentication, "kafka", {
      metadata: {
        name: secretName(plan),
        namespace: pipeline.namespace.namespaceName,
        labels: { ...pipeline.namespace.labels, ...plan.labels },
      },
      spec: {
        secretTargetRef: [
          { parameter: "username", name, key: username },
          { parameter: "password", name, key: password },
          ...(pipeline.platform.kafka.caCertificate === undefined ? [] : ca),
        ],
      },
    });
  }

  private makeIdentity(): KafkaIdentity {
    const { plan, pipeline } = this;
    const topics = pipeline.topics.resources([...plan.identity.reads, ...plan.identity.writes]);
    return new KafkaIdentity(
      this.childName("kafka"),
      {
        kafka: pipeline.platform.kafka,
        identity: plan.identity,
        generation: generationOf(pipeline.rotation, "kafkaUsers"),
        namespace: pipeline.namespace.namespaceName,
        secretName: secretName(plan),
        labels: { ...pipeline.namespace.labels, ...plan.labels },
      },
      this.childOptions({ dependsOn: [...topics] }),
    );
  }
}

/** Name of the Secret with a component's credentials for Kafka, and of what refers to it. */
function secretName(plan: ComponentPlan): string {
  return `${plan.name}-kafka`;
}

function ingressPeers(
  ingress: readonly IngressPlan[],
  port: number,
  platform: PlatformServices,
): NetworkAddress["peers"] {
  return ingress.filter((rule) => rule.port === port).flatMap(({ from }) => platform[from].address.peers);
}

function egressAddresses(
  egress: readonly EgressPlan[],
  platform: PlatformServices,
): readonly NetworkAddress[] {
  const systems = egress.flatMap((rule) => ("host" in rule ? [] : [systemAddress(rule.to, platform)]));
  const outside = egress.flatMap((rule) => ("host" in rule ? [rule] : []));
  return [...systems, ...outsideAddresses(outside)];
}

function systemAddress(
  to: Exclude<EgressPlan["to"], "webhook" | "issuer" | "external">,
  platform: PlatformServices,
): NetworkAddress {
  const system = platform[to];
  if (system === undefined) throw new Error(`the plan asks for ${to}, and the platform has none`);
  return system.address;
}
