import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { CertificateAuthority, NetworkAddress, RedisService } from "../../platform-services";

/** What a stack says of a Redis that somebody else runs. */
export interface ExternalRedisSettings {
  /** `host:port`. */
  readonly endpoint: string;
  /** @default the default user, who has no name */
  readonly username?: string;
  /** Whether clients speak TLS. */
  readonly tls: boolean;
  /** PEM of the authority that signed the server. @default a public one */
  readonly caCertificate?: string;
  /** Address blocks of the server, which network policies let pods reach. */
  readonly addressBlocks: readonly string[];
}

/** Arguments of {@link ExternalRedis}. */
export interface ExternalRedisArgs extends ExternalRedisSettings {
  readonly password: pulumi.Input<string>;
}

/** A Redis or Valkey that somebody else runs, one server or a group behind one address, not a sharded cluster. */
export class ExternalRedis extends Component implements RedisService {
  readonly endpoint: pulumi.Output<string>;
  readonly username: string | undefined;
  readonly password: pulumi.Output<string>;
  readonly tls: boolean;
  readonly authority: CertificateAuthority | undefined;
  readonly address: NetworkAddress;

  constructor(name: string, args: ExternalRedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:ExternalRedis", name, opts);
    const { endpoint, caCertificate } = args;
    const port = Number(/:(\d+)$/.exec(endpoint)?.[1]);
    if (!(port > 0 && port < 65_536)) throw new Error(`Redis: found ${endpoint}, expected host:port`);
    this.endpoint = pulumi.output(endpoint);
    this.username = args.username;
    this.password = pulumi.secret(args.password);
    this.tls = args.tls;
    this.authority = caCertificate === undefined ? undefined : { pem: pulumi.output(caCertificate) };
    this.address = { peers: args.addressBlocks.map((cidr) => ({ ipBlock: { cidr } })), ports: [port] };
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
