import type { Field } from "./field";
import type { Resource } from "./resource";

/** Type tokens of the built-in kinds that rules look for. */
export const types = {
  clusterRole: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  clusterRoleBinding: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
  configMap: "kubernetes:core/v1:ConfigMap",
  deployment: "kubernetes:apps/v1:Deployment",
  limitRange: "kubernetes:core/v1:LimitRange",
  namespace: "kubernetes:core/v1:Namespace",
  networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  persistentVolumeClaim: "kubernetes:core/v1:PersistentVolumeClaim",
  podDisruptionBudget: "kubernetes:policy/v1:PodDisruptionBudget",
  resourceQuota: "kubernetes:core/v1:ResourceQuota",
  role: "kubernetes:rbac.authorization.k8s.io/v1:Role",
  roleBinding: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  secret: "kubernetes:core/v1:Secret",
  service: "kubernetes:core/v1:Service",
  serviceAccount: "kubernetes:core/v1:ServiceAccount",
  statefulSet: "kubernetes:apps/v1:StatefulSet",
} as const;

/** The namespace of an object; undefined when it is not known yet. */
export function namespaceOf(object: Field): string | undefined {
  const namespace = object.at("metadata", "namespace");
  return namespace.isAbsent ? "default" : namespace.text;
}

/** Namespace and name as settings with patterns refer to an object: `shop/web`. */
export function qualifiedName({ fields, name }: Resource): string {
  return `${namespaceOf(fields) ?? "?"}/${fields.at("metadata", "name").text ?? name}`;
}

/** Collects items of the same key. */
export function groupBy<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string | undefined,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The objects of one type, by namespace; what has no known namespace is left out. */
export function byNamespace(
  resources: readonly Resource[],
  type: string,
): ReadonlyMap<string, readonly Resource[]> {
  return groupBy(
    resources.filter((resource) => resource.type === type),
    ({ fields }) => namespaceOf(fields),
  );
}
