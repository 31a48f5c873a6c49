import * as pulumi from "@pulumi/pulumi";
import type { ComponentPlan } from "../../pipelines/model/plan/plan";
import { Component } from "../component";
import { KafkaTopics } from "../data/kafka/kafka-topics";
import { Mapping } from "../ingress/mapping";
import { Algo } from "./algo";
import { creationOrder } from "./creation-order";
import { DataConnector } from "./data-connector";
import { Endpoint } from "./endpoint";
import { EventHook } from "./event-hook";
import { mappingArgs } from "./mapping-args";
import { pipelineAddresses } from "./pipeline-addresses";
import type { PipelineAddresses, PipelineArgs, PipelineCredentials } from "./pipeline-args";
import type { PipelineContext } from "./pipeline-component";
import { PipelineNamespace } from "./pipeline-namespace";
import { PipelineObservability } from "./pipeline-observability";
import { PipelineStorage } from "./pipeline-storage";

/**
 * A deployment of a pipeline. Its topics come first, then who may use them, then readers before writers, then the
 * routes; deletion runs the other way.
 */
export class Pipeline extends Component {
  /** `owner.name` of the deployment. */
  readonly id: string;
  /** Where it takes messages in. */
  readonly addresses: PipelineAddresses;
  /** What its callers, its senders of media streams and its receivers need; all of it is secret. */
  readonly credentials: PipelineCredentials;
  /** Names of its topics, sorted. */
  readonly topics: readonly string[];
  /** Address of its dashboard. */
  readonly dashboard: pulumi.Output<string>;
  /** Name of its namespace, known once it exists. */
  readonly namespace: pulumi.Output<string>;
  /** What is ready when its components are, and is registered last of all that they consist of. */
  readonly controllers: readonly pulumi.Resource[];
  private givenCredentials: PipelineCredentials = { apiKeys: {}, streamKeys: {}, signingSecrets: {} };

  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    // Children are named after this component, and follow its alias: topics, volumes and passwords stay what they are.
    const aliases = args.plan.previousNames.map((previous) => ({ name: previous }));
    super("pipeline:Pipeline", name, pulumi.mergeOptions(opts, { aliases }));
    const { plan, platform, podDefaults, retainData, stack } = args;
    const namespace = new PipelineNamespace(
      name,
      { plan, registry: platform.registry, podDefaults, retainData, stack },
      this.childOptions(),
    );
    const topics = new KafkaTopics(
      name,
      {
        kafka: platform.kafka,
        topics: plan.topics,
        retain: retainData,
        transform: { topic: args.transform?.topic },
      },
      this.childOptions(),
    );
    this.controllers = this.makeComponents({
      plan,
      platform,
      namespace,
      topics,
      storage: this.makeStorage(args, namespace),
      gpuNodes: args.gpuNodes,
      rotation: args.rotation,
      transform: args.transform ?? {},
    });
    this.makeRoutes(args, namespace, this.controllers);
    const { observability, kafka } = platform;
    this.dashboard = new PipelineObservability(
      name,
      { plan, observability, kafka, thresholds: args.alerts, topics: topics.resources() },
      this.childOptions(),
    ).dashboard;
    this.id = plan.id;
    this.addresses = pipelineAddresses(plan, platform);
    this.credentials = this.givenCredentials;
    this.topics = plan.topics.map((topic) => topic.name);
    this.namespace = namespace.namespaceName;
    this.registerOutputs({
      addresses: this.addresses,
      topics: this.topics,
      dashboard: this.dashboard,
      namespace: this.namespace,
    });
  }

  private makeStorage(
    { plan, platform, retainData }: PipelineArgs,
    namespace: PipelineNamespace,
  ): PipelineStorage | undefined {
    if (plan.storageBucket === undefined) return undefined;
    return new PipelineStorage(
      this.logicalName,
      {
        bucket: plan.storageBucket,
        objectStorage: platform.objectStorage,
        namespace,
        retainData,
      },
      this.childOptions(),
    );
  }

  /** Makes the components, each after those that read what it writes; gives what is ready when they are. */
  private makeComponents(pipeline: PipelineContext): readonly pulumi.Resource[] {
    const { components, topics } = pipeline.plan;
    const controllers = new Map<string, pulumi.Resource>();
    for (const { component, after } of creationOrder(components, topics)) {
      const readers = after.flatMap((reader) => controllers.get(reader) ?? []);
      controllers.set(component.name, this.makeComponent(component, pipeline, readers));
    }
    return [...controllers.values()];
  }

  private makeComponent(
    plan: ComponentPlan,
    pipeline: PipelineContext,
    after: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const name = this.childName(plan.name);
    switch (plan.kind) {
      case "endpoint": {
        const endpoint = new Endpoint(name, { plan, pipeline, after }, this.childOptions());
        this.givenCredentials = { ...this.givenCredentials, ...endpoint.credentials };
        return endpoint.controller;
      }
      case "algo":
        return new Algo(name, { plan, pipeline, after }, this.childOptions()).controller;
      case "dataConnector":
        return new DataConnector(name, { plan, pipeline, after }, this.childOptions()).controller;
      case "eventHook": {
        const { controller, signingSecrets } = new EventHook(
          name,
          { plan, pipeline, after },
          this.childOptions(),
        );
        this.givenCredentials = { ...this.givenCredentials, signingSecrets };
        return controller;
      }
    }
  }

  private makeRoutes(
    { plan, platform, transform, rolloutTargets = [] }: PipelineArgs,
    { namespaceName, labels }: PipelineNamespace,
    after: readonly pulumi.Resource[],
  ): void {
    const { hostname, ready } = platform.gateway;
    const context = {
      deployment: plan.id,
      rateLimits: plan.rateLimits,
      namespace: namespaceName,
      labels,
      hostname,
    };
    for (const route of plan.routes) {
      const targets = route.role.kind === "own" ? [] : rolloutTargets;
      this.child(Mapping, route.name, mappingArgs(route, context), {
        transform: transform?.mapping,
        dependsOn: [...ready, ...after, ...targets],
      });
    }
  }
}
