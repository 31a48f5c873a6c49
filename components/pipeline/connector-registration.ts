import * as pulumi from "@pulumi/pulumi";
import type { DataConnectorPlan } from "../../pipelines/model/plan/plan";
import { registrationScript } from "../data/kafka-connect/registration-script";
import { workerPaths } from "../data/kafka-connect/worker-layout";
import { clientLogins, secretReference } from "../data/kafka-connect/worker-properties";
import { imageReference, images } from "../images";
import type { KafkaService, NetworkAddress } from "../platform-services";
import type { JobWorkloadArgs } from "../workload/job-workload";
import { stableJson } from "../workload/stable-text";
import type { PipelineNamespace } from "./pipeline-namespace";

/** What talks to the workers of a connector, beside its plan. */
export interface WorkersContext {
  readonly plan: DataConnectorPlan;
  /** Where the workers' REST API is, to network policies. */
  readonly workers: NetworkAddress;
  /** Host of the workers' Service. */
  readonly host: pulumi.Input<string>;
  readonly namespace: PipelineNamespace;
  readonly kafka: KafkaService;
}

const folder = "/etc/kafka-connect/registration";
const configFile = "connector.json";
const scriptFile = "register.sh";

/** Name of the Job that registers a connector, and of its pods. */
export function registrationName({ name }: DataConnectorPlan): string {
  return `${name}-register`;
}

/**
 * The Job that registers a connector and waits until it runs. Its pod carries a hash of the configuration, so that a
 * change makes a new Job; the workers know the configuration from then on, whatever becomes of the Job.
 */
export function registrationJob({ plan, workers, host, namespace, kafka }: WorkersContext): JobWorkloadArgs {
  return {
    namespace: namespace.namespaceName,
    name: registrationName(plan),
    app: { name: "curl", component: "dataconnector", version: images.curl.tag },
    labels: plan.labels,
    defaults: namespace.podDefaults,
    egress: [workers],
    // The other system may be late: it gets three more chances, the last after a minute and a half.
    backoffLimit: 3,
    activeDeadlineSeconds: 900,
    volumes: {
      registration: {
        files: {
          [configFile]: configuration(plan, kafka),
          [scriptFile]: pulumi.output(host).apply((name) =>
            registrationScript({
              address: `http://${name}:${plan.restPort}`,
              connector: plan.registeredName,
              configuration: `${folder}/${configFile}`,
              waitSeconds: 300,
              steadySeconds: 10,
            }),
          ),
        },
      },
    },
    containers: [
      {
        name: "curl",
        image: imageReference(images.curl),
        command: ["sh", `${folder}/${scriptFile}`],
        resources: plan.helperResources,
        mounts: [{ volume: "registration", path: folder }],
      },
    ],
  };
}

/** The connector's configuration as the REST API takes it: secrets as references that the workers resolve. */
function configuration(plan: DataConnectorPlan, kafka: KafkaService): pulumi.Input<string> {
  const { kafkaOptions } = plan;
  const stated = Object.fromEntries(
    Object.entries(plan.config).map(([name, value]) => [
      name,
      typeof value === "string" ? value : secretReference(workerPaths, value.secret, value.key),
    ]),
  );
  if (kafkaOptions === undefined) return stableJson(stated);
  const { securityProtocol, saslMechanism, caCertificate } = kafka;
  const login = { securityProtocol, saslMechanism, ownAuthority: caCertificate !== undefined };
  const logins = clientLogins({ paths: workerPaths, ...login }, kafkaOptions.clientPrefixes);
  return kafka.bootstrapServers.apply((servers) =>
    stableJson({ ...stated, ...logins, [kafkaOptions.bootstrapServers]: servers }),
  );
}
