import * as kafka from "@pulumi/kafka";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component, type Transform } from "../../component";
import type { KafkaService } from "../../platform-services";
import {
  firstGeneration,
  generationName,
  workingGenerations,
  type SecretGeneration,
} from "../../secret-rotation";
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
  /**
   * Kafka keeps one password for each user, and a program that starts while it changes would be refused. So each
   * generation is a user of its own with the same rights, and the same consumer group. @default the first
   */
  readonly generation?: SecretGeneration | undefined;
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

/** Names of an identity's users in Kafka: one, or two while the password is rotated, the one in use first. */
export function kafkaUsernames(username: string, generation = firstGeneration): readonly string[] {
  return workingGenerations(generation).map((number) => generationName(username, number));
}

/** A user of Kafka with a generated password, a Secret with it, and access to exactly what it is given. */
export class KafkaIdentity extends Component {
  /** Name of the user that pods log in as. */
  readonly username: string;
  /** Name of the Secret, known once it exists. */
  readonly secretName: pulumi.Output<string>;
  /** The password; a pod that is told it at its start must be replaced when this changes. */
  readonly password: pulumi.Output<string>;
  /** What must exist before a client logs in. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: KafkaIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:KafkaIdentity", name, opts);
    const generation = args.generation ?? firstGeneration;
    this.username = generationName(args.identity.username, generation.inUse);
    const password = this.generateSecret("", { length: 32, keepers: { generation: "1" } }, generation);
    const users = password.working.flatMap(({ generation: number, value }) =>
      this.makeUser(args, number, value),
    );
    const secret = this.child(k8s.core.v1.Secret, "", this.secretArgs(args, name, password.inUse), {
      transform: args.transform?.secret,
    });
    this.secretName = secret.metadata.name;
    this.password = password.inUse;
    this.ready = [...users, secret];
    this.registerOutputs({ secretName: this.secretName });
  }

  /** The user of a generation, and what it may do. */
  private makeUser(
    { kafka: service, identity }: KafkaIdentityArgs,
    generation: number,
    password: pulumi.Output<string>,
  ): readonly pulumi.Resource[] {
    const dependsOn = [...service.ready];
    const username = generationName(identity.username, generation);
    const user = service.createUser(
      generationName(this.childName(""), generation),
      { username, password },
      this.childOptions({ dependsOn }),
    );
    const access = allowedOperations(identity).map((allowed) =>
      this.child(kafka.Acl, generationName(aclSuffix(allowed), generation), aclArgs(username, allowed), {
        provider: service.provider,
        dependsOn,
        deleteBeforeReplace: true,
      }),
    );
    return [...user, ...access];
  }

  private secretArgs(
    { kafka: service, namespace, secretName, labels }: KafkaIdentityArgs,
    name: string,
    password: pulumi.Output<string>,
  ): k8s.core.v1.SecretArgs {
    const module = "org.apache.kafka.common.security.scram.ScramLoginModule";
    const { caCertificate } = service;
    return {
      metadata: { name: secretName ?? name, namespace, labels: { ...labels } },
      type: "Opaque",
      stringData: {
        [kafkaIdentityKeys.username]: this.username,
        [kafkaIdentityKeys.password]: password,
        [kafkaIdentityKeys.jaasConfig]: pulumi.interpolate`${module} required username="${this.username}" password="${password}";`,
        ...(caCertificate === undefined ? {} : { [kafkaIdentityKeys.caCertificate]: caCertificate }),
      },
    };
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
