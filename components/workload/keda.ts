import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

const apiVersion = "keda.sh/v1alpha1";

/** What the number of pods follows, as KEDA's scalers call it. */
export type ScaleTrigger = KafkaTrigger | ResourceTrigger;

/** Follows how far a consumer group is behind in a topic. */
export interface KafkaTrigger {
  readonly type: "kafka";
  readonly metadata: {
    /** `host:port` list, separated by commas. */
    readonly bootstrapServers: pulumi.Input<string>;
    readonly consumerGroup: string;
    readonly topic: string;
    /** Messages for each pod. */
    readonly lagThreshold: string;
    /** Where a group begins that has read nothing yet. */
    readonly offsetResetPolicy: "earliest" | "latest";
    readonly sasl: "scram_sha512";
    readonly tls: "enable" | "disable";
    /** The brokers' version at least: KEDA's own default is one that Kafka 4 no longer talks to. */
    readonly version: string;
  };
  readonly authenticationRef: { readonly name: pulumi.Input<string> };
}

/** Follows what the pods use. */
export interface ResourceTrigger {
  readonly type: "cpu" | "memory";
  readonly metricType: "Utilization" | "AverageValue";
  readonly metadata: { readonly value: string };
}

/**
 * How many pods a workload has; KEDA makes the HorizontalPodAutoscaler for it, and gives it a name of its own
 * (`keda-hpa-` and the ScaledObject's), so that it is never the one that we make where nobody follows lag.
 */
export interface ScaledObjectSpec {
  readonly scaleTargetRef: {
    readonly apiVersion: "apps/v1";
    readonly kind: "Deployment" | "StatefulSet";
    readonly name: string;
  };
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly triggers: readonly ScaleTrigger[];
}

/** Credentials of triggers, from keys of Secrets in the same namespace. */
export interface TriggerAuthenticationSpec {
  readonly secretTargetRef: readonly {
    /** Parameter of the scaler. */
    readonly parameter: "username" | "password" | "ca";
    /** Name of the Secret. */
    readonly name: pulumi.Input<string>;
    readonly key: string;
  }[];
}

/** Arguments of a resource of KEDA's. */
export interface KedaResourceArgs<Spec> {
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  readonly spec: Spec;
}

/** A workload whose number of pods KEDA decides; see {@link ScaledObjectSpec}. */
export class ScaledObject extends k8s.apiextensions.CustomResource {
  constructor(name: string, args: KedaResourceArgs<ScaledObjectSpec>, opts?: pulumi.CustomResourceOptions) {
    super(name, { apiVersion, kind: "ScaledObject", ...args }, opts);
  }
}

/** Credentials of triggers; see {@link TriggerAuthenticationSpec}. */
export class TriggerAuthentication extends k8s.apiextensions.CustomResource {
  constructor(
    name: string,
    args: KedaResourceArgs<TriggerAuthenticationSpec>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(name, { apiVersion, kind: "TriggerAuthentication", ...args }, opts);
  }
}

/**
 * Lets a ScaledObject come while this autoscaler is still there, which KEDA's webhook refuses otherwise: an update makes
 * the new one before it takes the old one away. Kubernetes lets none of two autoscalers of the same pods act.
 */
export const makesWayForKeda: Readonly<Record<string, string>> = {
  "validations.keda.sh/hpa-ownership": "false",
};
