import assert from "node:assert/strict";
import { dump, loadAll } from "js-yaml";
import { z } from "zod";
import { wholeObjects } from "../../../linters/whole-objects";

const named = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });

/** A file as the program renders it. */
function rendered(objects: Readonly<Record<string, unknown>>): string {
  return Object.entries(objects)
    .map(([comment, object]) => `# ${comment}\n${dump(object)}`)
    .join("---\n");
}

describe("the objects that linters look at", () => {
  it("are all of Kubernetes' but patches of what others make; nothing of Kafka's, and no file without any", () => {
    const manifests = {
      "cluster.yaml": rendered({
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition hosts": {
          apiVersion: "apiextensions.k8s.io/v1",
          kind: "CustomResourceDefinition",
          metadata: { name: "hosts" },
        },
      }),
      "kafka.yaml": rendered({ "kafka:index/topic:Topic orders": { name: "orders", partitions: 3 } }),
      "kafka/topics.yaml": dump([{ name: "orders", partitions: 3 }]),
      "namespace-shop.yaml": rendered({
        "kubernetes:core/v1:ServiceAccountPatch shop-default": {
          apiVersion: "v1",
          kind: "ServiceAccount",
          metadata: { name: "default" },
        },
        "kubernetes:core/v1:ConfigMap first": {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "first" },
          data: { text: "a\n---\n# kubernetes:core/v1:ServiceAccountPatch b\n" },
        },
        "kubernetes:core/v1:NamespacePatch shop": {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "shop" },
        },
        "kubernetes:getambassador.io/v3alpha1:Mapping orders": {
          apiVersion: "getambassador.io/v3alpha1",
          kind: "Mapping",
          metadata: { name: "orders" },
        },
      }),
    };
    const names = Object.entries(wholeObjects(manifests)).map(([file, text]) => [
      file,
      loadAll(text).map((object) => named.parse(object).metadata.name),
    ]);
    assert.deepEqual(names, [
      ["cluster.yaml", ["hosts"]],
      ["namespace-shop.yaml", ["first", "orders"]],
    ]);
  });
});
