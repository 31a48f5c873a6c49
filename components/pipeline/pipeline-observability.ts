import * as kafka from "@pulumi/kafka";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import type { AlertThresholds } from "../../pipelines/observability/alert-thresholds";
import { renderDashboard } from "../../pipelines/observability/dashboard";
import { pipelineRuleFile } from "../../pipelines/observability/pipeline-alerts";
import { dashboardUid, pipelineDashboard } from "../../pipelines/observability/pipeline-dashboard";
import { watchedKafka } from "../../pipelines/observability/watched";
import { Component } from "../component";
import type { KafkaService, ObservabilityService } from "../platform-services";
import { partFor, type SharedFolder } from "../workload/shared-files";
import { stableJson, stableYaml } from "../workload/stable-text";

/** Arguments of {@link PipelineObservability}. */
export interface PipelineObservabilityArgs {
  readonly plan: PipelinePlan;
  readonly observability: ObservabilityService;
  readonly kafka: KafkaService;
  /** @default defaultThresholds */
  readonly thresholds?: AlertThresholds | undefined;
  /** The pipeline's topics, which must be there before anybody may describe them. */
  readonly topics: readonly pulumi.Resource[];
}

/**
 * How a pipeline is watched: its alert rules and its dashboard, as one file each in a folder that the platform has for
 * all pipelines, and the right of the platform's exporter to see where its topics and consumer groups are.
 */
export class PipelineObservability extends Component {
  /** Address of the dashboard. */
  readonly dashboard: pulumi.Output<string>;
  private readonly plan: PipelinePlan;

  constructor(name: string, args: PipelineObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pipeline:Observability", name, opts);
    const { plan, observability } = args;
    this.plan = plan;
    this.putFile(
      "alerts",
      observability.ruleFiles,
      `${plan.name}.yml`,
      stableYaml(pipelineRuleFile(plan, args.thresholds)),
    );
    this.putFile(
      "dashboard",
      observability.dashboards,
      `${plan.name}.json`,
      stableJson(renderDashboard(pipelineDashboard(plan))),
    );
    this.letDescribe(args);
    this.dashboard = observability.dashboardAddress(dashboardUid(plan));
    this.registerOutputs({ dashboard: this.dashboard });
  }

  /** Adds one key to a ConfigMap that others have keys in, and takes only this one away in the end. */
  private putFile(suffix: string, folder: SharedFolder, file: string, content: string): void {
    const metadata = { name: partFor(folder, this.plan.id), namespace: folder.namespace };
    const patch = { metadata, data: { [file]: content } };
    this.child(k8s.core.v1.ConfigMapPatch, suffix, patch, { isShared: true });
  }

  /** Kafka shows a topic or a group, but no message, to who may describe it. */
  private letDescribe({ plan, observability, kafka: service, topics }: PipelineObservabilityArgs): void {
    const { provider, ready } = service;
    const watched = watchedKafka(plan);
    const describe = (user: string, aclResourceType: "Topic" | "Group", aclResourceName: string): void => {
      const [, generation = ""] = /(@\d+)$/.exec(user) ?? [];
      this.child(
        kafka.Acl,
        `describe-${aclResourceType.toLowerCase()}-${aclResourceName}${generation}`,
        {
          aclPrincipal: `User:${user}`,
          aclHost: "*",
          aclPermissionType: "Allow",
          aclOperation: "Describe",
          aclResourceType,
          aclResourceName,
          resourcePatternTypeFilter: "Literal",
        },
        { provider, dependsOn: [...ready, ...topics], deleteBeforeReplace: true },
      );
    };
    for (const user of observability.kafkaUsers) {
      for (const topic of watched.topics) describe(user, "Topic", topic);
      for (const group of watched.groups) describe(user, "Group", group);
    }
  }
}
