import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { NetworkAddress, SqlService } from "../../platform-services";
import { sqlPorts, type SqlEngineName } from "./sql-engine";

/** What a stack says of a database that somebody else runs. */
export interface ExternalSqlSettings {
  readonly engine: SqlEngineName;
  readonly host: string;
  /** @default that of the engine */
  readonly port?: number;
  readonly database: string;
  /** Owner of the database. */
  readonly username: string;
  /** Whether clients speak TLS. */
  readonly tls: boolean;
  /** PEM of the authority that signed the server. @default a public one */
  readonly caCertificate?: string;
  /** Address blocks of the server, which network policies let pods reach. */
  readonly addressBlocks: readonly string[];
}

/** Arguments of {@link ExternalSql}. */
export interface ExternalSqlArgs extends ExternalSqlSettings {
  readonly password: pulumi.Input<string>;
}

/** A database that somebody else runs; it and its owner exist. */
export class ExternalSql extends Component implements SqlService {
  readonly engine: SqlEngineName;
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: pulumi.Output<string>;
  readonly tls: boolean;
  readonly caCertificate: pulumi.Output<string> | undefined;
  readonly address: NetworkAddress;
  readonly backupSource = undefined;
  readonly ready: readonly pulumi.Resource[] = [];

  constructor(name: string, args: ExternalSqlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:ExternalSql", name, opts);
    const { caCertificate } = args;
    this.engine = args.engine;
    this.host = pulumi.output(args.host);
    this.port = args.port ?? sqlPorts[args.engine];
    this.database = args.database;
    this.username = args.username;
    this.password = pulumi.secret(args.password);
    this.tls = args.tls;
    this.caCertificate = caCertificate === undefined ? undefined : pulumi.output(caCertificate);
    this.address = {
      peers: args.addressBlocks.map((cidr) => ({ ipBlock: { cidr } })),
      ports: [this.port],
    };
    this.registerOutputs({ host: this.host, port: this.port, database: this.database });
  }
}
