import { Instance, ParameterGroup, SubnetGroup } from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import { ClientSecurityGroup } from "../../aws/client-security-group";
import { Component } from "../../component";
import type { NetworkAddress, SqlService } from "../../platform-services";
import { rdsInstanceArgs, rdsParameters, type RdsSqlArgs } from "./rds-args";
import { sqlAccount, sqlPorts, type SqlEngineName } from "./sql-engine";

/** Amazon RDS: PostgreSQL or MariaDB in two zones, reached by TLS alone, encrypted with the stack's key. */
export class RdsSql extends Component implements SqlService {
  readonly engine: SqlEngineName;
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly database = sqlAccount.database;
  /** RDS' first user: it owns the database, and administers the server as far as RDS lets anybody. */
  readonly username = sqlAccount.username;
  readonly password: pulumi.Output<string>;
  readonly tls = true;
  readonly caCertificate: pulumi.Output<string> | undefined;
  readonly address: NetworkAddress;
  /** RDS makes its own backups. */
  readonly backupSource = undefined;
  readonly ready: readonly pulumi.Resource[];
  readonly nodes: { readonly instance: Instance };

  constructor(name: string, args: RdsSqlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:RdsSql", name, opts);
    const { account, caCertificate } = args;
    this.engine = args.engine;
    this.port = sqlPorts[args.engine];
    this.password = this.generateSecret("password", { length: 40 }, args.generation).inUse;
    const instance = this.makeInstance(args);
    this.host = instance.address;
    this.caCertificate = caCertificate === undefined ? undefined : pulumi.output(caCertificate);
    this.address = account.address([this.port]);
    this.ready = [instance];
    this.nodes = { instance };
    this.registerOutputs({ host: this.host, port: this.port, database: this.database });
  }

  private makeInstance(args: RdsSqlArgs): Instance {
    const { account, retainData, transform } = args;
    const { provider } = account;
    const identifier = account.nameOf(this.logicalName);
    const group = new ClientSecurityGroup(
      this.logicalName,
      { account, description: `Database ${identifier}`, ports: [this.port] },
      this.childOptions(),
    );
    const subnets = this.child(
      SubnetGroup,
      "",
      {
        name: identifier,
        description: `Database ${identifier}`,
        subnetIds: account.args.subnets.map(({ id }) => id),
      },
      { provider },
    );
    const parameters = this.child(ParameterGroup, "", rdsParameters(args, identifier), { provider });
    const foundation = {
      identifier,
      password: this.password,
      subnetGroup: subnets.name,
      parameterGroup: parameters.name,
      securityGroupId: group.groupId,
    };
    return this.child(Instance, "", rdsInstanceArgs(args, foundation), {
      provider,
      transform: transform?.instance,
      protect: retainData,
    });
  }
}
