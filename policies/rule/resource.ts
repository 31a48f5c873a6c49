import type { Settings } from "../../config/settings-schema";
import { Field } from "./field";
import { plainValue } from "./value";

/** The part of a policy's arguments that a resource is read from; resource and stack policies both have it. */
export interface ResourceSource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** For each property, the resources whose outputs are in it; resource policies don't have it. */
  readonly propertyDependencies?: Readonly<Record<string, readonly { readonly urn: string }[]>>;
}

/** A key of the stack's config, without the project's prefix. */
export type ConfigKey = keyof Settings;

/** The key of the stack's config that a component of the platform is set up by. */
const configKeys: Readonly<Record<string, ConfigKey>> = {
  Ambassador: "ambassador",
  ExternalKafka: "kafka",
  ExternalObjectStorage: "objectStorage",
  Grafana: "grafana",
  KafkaCluster: "kafka",
  ObjectStorage: "objectStorage",
  Prometheus: "prometheus",
  Redis: "redis",
  Sql: "sql",
};

/** A resource under judgement. */
export interface Resource {
  readonly urn: string;
  /** Type token: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Logical name in the program. */
  readonly name: string;
  /** The last part of the type token: `Deployment`. */
  readonly kind: string;
  /** Whether it is an object of Kubernetes. */
  readonly isKubernetes: boolean;
  /** Its properties. */
  readonly fields: Field;
  /** URNs of the resources whose outputs are in a property; known to stack rules only, and in previews too. */
  sourcesOf(property: string): readonly string[];
}

/** Reads a resource from what the SDK hands to a policy. */
export function readResource(source: ResourceSource): Resource {
  let fields: Field | undefined;
  return {
    urn: source.urn,
    type: source.type,
    name: source.name,
    kind: source.type.slice(source.type.lastIndexOf(":") + 1),
    isKubernetes: source.type.startsWith("kubernetes:"),
    // Most rules look at few types, and copying properties is most of the work.
    get fields() {
      fields ??= new Field("", plainValue(source.props));
      return fields;
    },
    sourcesOf: (property) => source.propertyDependencies?.[property]?.map(({ urn }) => urn) ?? [],
  };
}

/** A resource as a person knows it: `Deployment algorun/grafana`, or kind and logical name. */
export function describeResource(resource: Resource): string {
  const metadata = resource.fields.at("metadata");
  const name = metadata.at("name").text ?? resource.fields.at("name").text ?? resource.name;
  const namespace = metadata.at("namespace").text;
  return `${resource.kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/**
 * Where a person changes a resource: the document of its pipeline, or the component that makes it.
 * Labels of Kubernetes objects tell most; for the others it is the chain of component types in the URN.
 *
 * @param configKey - the key that decides the field in question; undefined means that of the component
 */
export function placeToEdit(resource: Resource, configKey?: ConfigKey): string {
  const labels = resource.fields.at("metadata", "labels");
  const deployment = labels.at("algo.run/pipeline-deployment").text;
  if (deployment !== undefined) return `PipelineDeployment ${deployment}${componentOf(labels)}`;
  const component = owningComponent(resource.urn);
  if (component === undefined) return `resource ${JSON.stringify(resource.name)} of the program`;
  const [room, name] = component;
  if (room === "pipeline")
    return `the PipelineDeployment document that ${JSON.stringify(resource.name)} is made for`;
  const key = configKey ?? configKeys[name];
  return `component ${name} in components/${room}${key === undefined ? "" : `, or algorun:${key} in the stack's config`}`;
}

function componentOf(labels: Field): string {
  const component = labels.at("app.kubernetes.io/component").text;
  const algo = labels.at("algo.run/algo").text;
  if (algo !== undefined) {
    const version = labels.at("algo.run/algo-version").text;
    const index = labels.at("algo.run/index").text;
    return `, algo ${algo}${version === undefined ? "" : `:${version}`}${index === undefined ? "" : `[${index}]`}`;
  }
  return component === undefined ? "" : `, its ${component}`;
}

/** Room and name of the nearest component of ours above a resource. */
function owningComponent(urn: string): readonly [room: string, name: string] | undefined {
  const types = urn.split("::")[2]?.split("$") ?? [];
  const nearest = types.findLast(
    (type) => type.startsWith("algorun:") && !type.startsWith("algorun:workload:"),
  );
  const [, room, name] = nearest?.split(":") ?? [];
  return room === undefined || name === undefined ? undefined : [room, name];
}
