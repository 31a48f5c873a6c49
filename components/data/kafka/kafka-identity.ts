import * as kafka from "@pulumi/kafka";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component, type Transform } from "../../component";
import type { KafkaService } from "../../platform-services";
import { allowedOperations, type AllowedOperation, type KafkaAccess } from "./access";

/** Arguments of {@link KafkaIdentity}. */
export interface KafkaIdentityArgs {
  readonly kafka: KafkaService;
  /** Name of the user, and all that it may do. */
  readonly identity: KafkaAccess & { readonly username: string };
  /** Namespace of the Secret. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the Secret. @default the component's logical name */
  readonly secretName?: string;
  /** Labels of the Secret. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Any other value makes a new password. @default "1" */
  readonly generation?: string;
  readonly transform?: { readonly secret?: Transform<k8s.core.v1.SecretArgs> };
}

/** Keys of an identity's Secret. */
export const kafkaIdentityKeys = {
  username: "username",
  password: "password",
  /** `sasl.jaas.config`, for clients written in Java. */
  jaasConfig: "jaas-config",
  /** PEM of the authority that signed the brokers; there only when it isn't a public one. */
  caCertificate: "ca.crt",
} as const;

/** A user of Kafka with a generated password, a Secret with it, and access to exactly what it is given. */
export class KafkaIdentity extends Component {
  /** Name of the Secret, known once it exists. */
  readonly secretName: pulumi.Output<string>;
  /** The password; a pod that is told it at its start must be replaced when this changes. */
  readonly password: pulumi.Output<string>;
  /** What must exist before a client logs in. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: KafkaIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:KafkaIdentity", name, opts);
    const { username } = args.identity;
    const { provider } = args.kafka;
    const dependsOn = [...args.kafka.ready];
    // Letters and digits only: the password stands in Java's and other programs' quoting.
    const password = this.child(random.RandomPassword, "", {
      length: 32,
      special: false,
      keepers: { generation: args.generation ?? "1" },
    });
    const user = args.kafka.createUser(
      this.childName(""),
      { username, password: password.result },
      this.childOptions({ dependsOn }),
    );
    const access = allowedOperations(args.identity).map((allowed) =>
      this.child(kafka.Acl, aclSuffix(allowed), aclArgs(username, allowed), {
        provider,
        dependsOn,
        deleteBeforeReplace: true,
      }),
    );
    const secret = this.child(k8s.core.v1.Secret, "", secretArgs(args, name, password.result), {
      transform: args.transform?.secret,
    });
    this.secretName = secret.metadata.name;
    this.password = password.result;
    this.ready = [...user, ...access, secret];
    this.registerOutputs({ secretName: this.secretName });
  }
}

/** Unique in the component, and the same whatever else the user may do. */
function aclSuffix({ resourceType, resourceName, operation }: AllowedOperation): string {
  return `${operation}-${resourceType}-${resourceName}`.toLowerCase();
}

/** Pods have no lasting address, so that it is the network policies that say from where. */
function aclArgs(username: string, allowed: AllowedOperation): kafka.AclArgs {
  return {
    aclPrincipal: `User:${username}`,
    aclHost: "*",
    aclPermissionType: "Allow",
    aclOperation: allowed.operation,
    aclResourceType: allowed.resourceType,
    aclResourceName: allowed.resourceName,
    resourcePatternTypeFilter: allowed.pattern,
  };
}

function secretArgs(
  { kafka: service, identity, namespace, secretName, labels }: KafkaIdentityArgs,
  name: string,
  password: pulumi.Output<string>,
): k8s.core.v1.SecretArgs {
  const module = "org.apache.kafka.common.security.scram.ScramLoginModule";
  const { caCertificate } = service;
  return {
    metadata: { name: secretName ?? name, namespace, labels: { ...labels } },
    type: "Opaque",
    stringData: {
      [kafkaIdentityKeys.username]: identity.username,
      [kafkaIdentityKeys.password]: password,
      [kafkaIdentityKeys.jaasConfig]: pulumi.interpolate`${module} required username="${identity.username}" password="${password}";`,
      ...(caCertificate === undefined ? {} : { [kafkaIdentityKeys.caCertificate]: caCertificate }),
    },
  };
}
