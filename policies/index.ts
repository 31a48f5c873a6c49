import { guardedSecrets, narrowRoles } from "./access";
import { awsBoundRoles, awsClosedSecurityGroups, awsNarrowPolicies } from "./aws-access";
import {
  awsDurableDatabases,
  awsEncryptedKafka,
  awsGuardedCaches,
  awsGuardedDatabases,
  awsGuardedKafka,
} from "./aws-data";
import { awsDurableBuckets, awsPrivateBuckets } from "./aws-storage";
import { boundedOvercommit, placedGpus } from "./cost";
import { chosenSecrets, strongPasswords } from "./credentials";
import { boundedVolumes, retainedVolumes } from "./data-protection";
import { datedExceptions } from "./exceptions";
import { freshImages, trustedRegistries } from "./image-sources";
import { narrowAcls } from "./kafka-access";
import { encryptedKafka, guardedBrokers } from "./kafka-brokers";
import { consumedTopics, ownedTopics, ownKafkaUsers } from "./kafka-owners";
import { boundedTopics, losslessTopics } from "./kafka-retention";
import { replicatedTopics } from "./kafka-topics";
import { boundedNamespaces, fittingRequests } from "./namespace-quota";
import { hardenedNamespaces } from "./namespaces";
import { knownEntrances, narrowEgress, narrowIngress } from "./network";
import { coveredWorkloads, defaultDeny } from "./network-coverage";
import { ownershipLabels, pipelineLabels } from "./ownership";
import { restrictedPods } from "./pod-security";
import { boundedResources } from "./quota";
import {
  boundedAutoscaling,
  boundedJobs,
  drainableBudgets,
  gracefulTermination,
  probedContainers,
  spreadPods,
} from "./reliability";
import { separateRoutes } from "./route-overlaps";
import { boundedRoutes, encryptedEdge, narrowCors } from "./routing";
import type { Rule } from "./rule/rule";
import { hiddenSecrets } from "./secrets";
import { ownServiceAccounts, tokenlessAccounts } from "./service-accounts";
import { disruptionBudgets, replicatedServices } from "./serving";
import { pinnedImages } from "./supply-chain";

/** Rules about one thing. */
export interface Concern {
  readonly title: string;
  readonly rules: readonly Rule[];
}

const judging: readonly Concern[] = [
  { title: "Supply chain", rules: [pinnedImages, trustedRegistries, freshImages] },
  {
    title: "Pods and accounts",
    rules: [restrictedPods, ownServiceAccounts, tokenlessAccounts, hardenedNamespaces],
  },
  { title: "Access to the API", rules: [narrowRoles, guardedSecrets] },
  { title: "Network", rules: [defaultDeny, coveredWorkloads, narrowIngress, narrowEgress, knownEntrances] },
  {
    title: "Kafka",
    rules: [
      replicatedTopics,
      boundedTopics,
      losslessTopics,
      ownedTopics,
      consumedTopics,
      narrowAcls,
      ownKafkaUsers,
      guardedBrokers,
      encryptedKafka,
    ],
  },
  { title: "Data protection", rules: [retainedVolumes, boundedVolumes] },
  { title: "Routing", rules: [separateRoutes, boundedRoutes, narrowCors, encryptedEdge] },
  {
    title: "Reliability",
    rules: [
      disruptionBudgets,
      drainableBudgets,
      replicatedServices,
      spreadPods,
      probedContainers,
      gracefulTermination,
      boundedAutoscaling,
      boundedJobs,
    ],
  },
  {
    title: "Cost and quota",
    rules: [boundedResources, boundedOvercommit, boundedNamespaces, fittingRequests, placedGpus],
  },
  { title: "Secrets", rules: [hiddenSecrets, strongPasswords, chosenSecrets] },
  { title: "Ownership", rules: [ownershipLabels, pipelineLabels] },
  {
    title: "AWS",
    rules: [
      awsEncryptedKafka,
      awsGuardedKafka,
      awsGuardedDatabases,
      awsDurableDatabases,
      awsGuardedCaches,
      awsPrivateBuckets,
      awsDurableBuckets,
      awsClosedSecurityGroups,
      awsNarrowPolicies,
      awsBoundRoles,
    ],
  },
];

/** All rules of the pack by what they are about, in the order of the documentation. */
export const concerns: readonly Concern[] = [
  ...judging,
  { title: "Exceptions", rules: [datedExceptions(judging.flatMap(({ rules }) => rules))] },
];

/** All rules of the pack. */
export const rules: readonly Rule[] = concerns.flatMap((concern) => concern.rules);
