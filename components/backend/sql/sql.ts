import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { sqlFormat } from "../../data-format";
import { imageReference, type PinnedImage } from "../../images";
import type { NetworkAddress, SqlService } from "../../platform-services";
import type { RotatedSecret, SecretGeneration } from "../../secret-rotation";
import { resolveResources, type ContainerResources } from "../../workload/container-resources";
import { mebibytes } from "../../workload/mebibytes";
import type { ServerTls } from "../../workload/server-tls";
import type { PodDefaults } from "../../workload/pod-defaults";
import { StatefulSetWorkload, type StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import type { BackupSource } from "../backup/backup-source";
import { sqlBackupSource } from "../backup/sql-backup";
import { ownedObjectName } from "../../workload/volumes";
import { sqlAccount, sqlEngine, type SqlEngineName } from "./sql-engine";

/** Arguments of {@link Sql}. */
export interface SqlArgs {
  readonly namespace: pulumi.Input<string>;
  /** @default "postgresql" */
  readonly engine?: SqlEngineName;
  /** Who may connect. @default nobody */
  readonly clients?: NetworkAddress["peers"];
  /** @default the pinned image of the engine */
  readonly image?: PinnedImage;
  /** Lets only encrypted connections in. @default none: the network policy is what keeps others out */
  readonly tls?: ServerTls;
  /** Size of the volume. @default "10Gi" */
  readonly storageSize?: string;
  /** @default medium: 250m to 2 CPU, 1Gi of memory */
  readonly resources?: ContainerResources;
  /** Of the passwords. @default the first */
  readonly generation?: SecretGeneration;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: StatefulSetWorkloadArgs["transform"];
}

/**
 * The relational database of the platform: PostgreSQL or MariaDB, one replica. Where an outage of a minute when its
 * node fails is too long, `RdsSql` is the answer.
 */
export class Sql extends Component implements SqlService {
  readonly engine: SqlEngineName;
  /** Host inside the cluster. */
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly database = sqlAccount.database;
  /** Owner of the database or who acts as it, and nothing more. */
  readonly username: string;
  /** Its password; a secret. */
  readonly password: pulumi.Output<string>;
  readonly tls: boolean;
  /** Clients in the namespace mount `ca.crt` of the Secret that the server has its certificate from. */
  readonly caCertificate = undefined;
  readonly address: NetworkAddress;
  /** How its database is dumped and restored. */
  readonly backupSource: BackupSource;
  readonly ready: readonly pulumi.Resource[];
  readonly nodes: { readonly workload: StatefulSetWorkload };

  constructor(name: string, args: SqlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:Sql", name, opts);
    const { generation } = args;
    const administrator = this.generateSecret("administrator-password", { length: 40 }, generation).inUse;
    const application = this.generateSecret("application-password", { length: 40 }, generation);
    this.password = application.inUse;
    this.engine = args.engine ?? "postgresql";
    const resources = resolveResources(args.resources, "medium");
    const engine = sqlEngine(this.engine, {
      memory: mebibytes(resources.limits["memory"] ?? ""),
      tlsSecretName: args.tls?.secretName,
      generation,
    });
    this.username = engine.username;
    const image = args.image ?? engine.image;
    const storageSize = args.storageSize ?? "10Gi";
    const format = { program: this.engine, version: image.tag };
    const guard = this.recordFormat(format, `algorun:images.${this.engine}`, sqlFormat);
    const workload = new StatefulSetWorkload(
      name,
      {
        namespace: args.namespace,
        app: { name: this.engine, component: "sql", version: image.tag },
        defaults: args.defaults,
        transform: args.transform,
        userId: engine.userId,
        terminationGracePeriodSeconds: 120,
        volumes: {
          ...engine.volumes,
          credentials: { secretFiles: { administrator, ...passwordFiles(application) } },
        },
        ...(engine.rotation && {
          initContainers: [
            { name: "passwords", image: imageReference(image), resources, ...engine.rotation },
          ],
        }),
        claims: { data: { size: storageSize } },
        containers: [
          {
            name: "sql",
            image: imageReference(image),
            ports: [{ name: "sql", port: engine.port, ...(args.clients && { clients: args.clients }) }],
            resources,
            ...engine.container,
          },
        ],
      },
      { parent: this, dependsOn: [guard] },
    );
    this.host = workload.host();
    this.port = engine.port;
    this.tls = args.tls !== undefined;
    this.address = workload.address();
    this.backupSource = sqlBackupSource({
      engine: args.engine ?? "postgresql",
      host: this.host,
      port: this.port,
      database: this.database,
      username: this.username,
      owner: sqlAccount.username,
      credentialsSecret: ownedObjectName(name, "credentials"),
      address: this.address,
      image: imageReference(image),
      tlsSecretName: args.tls?.secretName,
      storageSize,
    });
    this.ready = [workload.nodes.statefulSet];
    this.nodes = { workload };
    this.registerOutputs({ host: this.host, port: this.port, database: this.database });
  }
}

/** The passwords of the account by file: that in use, and the one before. */
function passwordFiles({ working }: RotatedSecret): Readonly<Record<string, pulumi.Output<string>>> {
  const [inUse, previous] = working.map(({ value }) => value);
  return {
    ...(inUse && { application: inUse }),
    ...(previous && { "application-previous": previous }),
  };
}
