import { narrowAcls } from "./kafka-access";
import { replicatedTopics } from "./kafka-topics";
import { restrictedPods } from "./pod-security";
import { boundedResources } from "./quota";
import type { Rule } from "./rule/rule";
import { hiddenSecrets } from "./secrets";
import { pinnedImages } from "./supply-chain";

/** All rules of the pack, in the order of the documentation. */
export const rules: readonly Rule[] = [
  pinnedImages,
  restrictedPods,
  boundedResources,
  replicatedTopics,
  narrowAcls,
  hiddenSecrets,
];
