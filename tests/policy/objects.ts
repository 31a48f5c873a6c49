import type { Data } from "./fixtures";
import type { Given } from "./harness";

type Properties = Readonly<Record<string, Data>>;

const labels = { "app.kubernetes.io/part-of": "algo.run", "app.kubernetes.io/managed-by": "pulumi" };

/**
 * A Kubernetes object as a program registers it.
 *
 * @param type - `core/v1:Service`
 * @param name - `shop/web`, or `shop` for what has no namespace
 */
export function object(type: string, name: string, properties: Properties = {}): Given {
  const slash = name.indexOf("/");
  const own = name.slice(slash + 1);
  const metadata = { name: own, ...(slash >= 0 && { namespace: name.slice(0, slash) }), labels };
  return { type: `kubernetes:${type}`, name: own, props: { metadata, ...properties } };
}

/** A topic of Kafka. */
export function topic(name: string, properties: Properties = {}): Given {
  return {
    type: "kafka:index/topic:Topic",
    name,
    props: { name, partitions: 3, replicationFactor: 3, config: {}, ...properties },
  };
}

/** A right at Kafka: `acl("User:a", "Read", "orders")`. */
export function acl(principal: string, operation: string, name: string, pattern = "Literal"): Given {
  return {
    type: "kafka:index/acl:Acl",
    name: `${principal} ${operation} ${name}`,
    props: {
      aclPrincipal: principal,
      aclOperation: operation,
      aclPermissionType: "Allow",
      aclResourceName: name,
      aclResourceType: "Topic",
      resourcePatternTypeFilter: pattern,
    },
  };
}

interface WorkloadParts {
  readonly kind?: string;
  readonly replicas?: number;
  readonly app?: string;
  readonly spec?: Properties;
  readonly podSpec?: Properties;
}

/** A Deployment or StatefulSet with pods of one label. */
export function workload(
  name: string,
  { kind = "Deployment", replicas = 2, app = "web", spec = {}, podSpec = {} }: WorkloadParts = {},
): Given {
  return object(`apps/v1:${kind}`, name, {
    spec: {
      replicas,
      template: {
        metadata: { labels: { app } },
        spec: { containers: [{ name: "main", image: "web:1.0" }], ...podSpec },
      },
      ...spec,
    },
  });
}
