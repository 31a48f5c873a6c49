import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { loadAll } from "js-yaml";
import { podObjects, type PodObjects } from "../../../local/pods/kubernetes-objects";

const folder = join(__dirname, "..", "..", "golden", "examples");

/** Names of the examples under review. */
export const exampleNames: readonly string[] = readdirSync(folder).map((file) => basename(file, ".yaml"));

/** Everything that an example is rendered as; its topics and rights have no kind. */
export function exampleResources(name: string): readonly unknown[] {
  return loadAll(readFileSync(join(folder, `${name}.yaml`), "utf8"));
}

/** Secrets that somebody else makes for examples. */
const foreignSecrets = {
  "algorun-bazaar-order-rating/order-search": { username: "rating", password: "search" },
  "algorun-bazaar-order-rating/shop-database": { username: "rating", password: "shop" },
  "algorun-till-payment-notices/ledger": { bearer: "Bearer of-the-ledger" },
};

/** The objects that an example's pods are made from. */
export function examplePods(name: string): PodObjects {
  const hasKind = (object: unknown): boolean =>
    typeof object === "object" && object !== null && "kind" in object;
  const objects = podObjects(exampleResources(name).filter(hasKind));
  return { ...objects, secrets: { ...foreignSecrets, ...objects.secrets } };
}
