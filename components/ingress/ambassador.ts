import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import type { GatewayService, NetworkAddress } from "../platform-services";
import { DeploymentWorkload } from "../workload/deployment-workload";
import { ambassadorRules } from "./ambassador-access";
import type { AmbassadorArgs } from "./ambassador-args";
import { ambassadorDefinitions } from "./ambassador-definitions";
import { ambassadorWorkload, edgeSuffix, listenerPorts, selfPeer } from "./ambassador-pods";
import { Host, Listener, Module, RateLimitServiceResource } from "./ambassador-resource";
import { publicHost } from "./public-host";
import { RateLimit } from "./rate-limit";
import { rateLimitDomain } from "./rate-limit-config";
import { ownershipLabels } from "../workload/labels";

/** The edge for HTTP and gRPC: Emissary-ingress, which Mappings tell what goes where. */
export class Ambassador extends Component implements GatewayService {
  readonly hostname: string;
  readonly tls: boolean;
  readonly httpAddress: pulumi.Output<string>;
  readonly grpcAddress: pulumi.Output<string>;
  readonly address: NetworkAddress;
  readonly ready: readonly pulumi.Resource[];

  private readonly metadata: {
    readonly name: string;
    readonly namespace: pulumi.Input<string>;
    readonly labels: Record<string, string>;
  };

  constructor(name: string, args: AmbassadorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ingress:Ambassador", name, opts);
    this.hostname = args.hostname ?? "*";
    this.tls = args.tls !== undefined;
    this.metadata = {
      name,
      namespace: args.namespace,
      labels: { ...args.defaults?.labels, ...ownershipLabels },
    };
    const definitions = this.makeDefinitions(args);
    const access = this.makeAccess(args);
    const limit = this.makeRateLimit(args, definitions);
    const edge = this.makeEdge(args, definitions);
    const workload = new DeploymentWorkload(
      name,
      ambassadorWorkload(name, args, limit),
      this.childOptions({ dependsOn: [...definitions, ...access] }),
    );
    this.address = workload.address(["http", "https"].slice(0, this.tls ? 2 : 1));
    const host = publicHost(workload.nodes.services[edgeSuffix], this.hostname, workload.host(edgeSuffix));
    this.httpAddress = pulumi.interpolate`${this.tls ? "https" : "http"}://${host}`;
    this.grpcAddress = pulumi.interpolate`${host}:${this.tls ? 443 : 80}`;
    this.ready = [...definitions, ...edge, workload];
    this.registerOutputs({ httpAddress: this.httpAddress, grpcAddress: this.grpcAddress });
  }

  /** The kinds that it watches, unless the cluster has them. */
  private makeDefinitions(args: AmbassadorArgs): pulumi.Resource[] {
    if (args.definitions === "existing") return [];
    return ambassadorDefinitions().map(([kind, definition]) =>
      this.child(k8s.apiextensions.v1.CustomResourceDefinition, kind.toLowerCase(), definition),
    );
  }

  /** What it may do: a role for the whole cluster, since routes are in the namespaces of pipelines. */
  private makeAccess(args: AmbassadorArgs): pulumi.Resource[] {
    const { labels, name } = this.metadata;
    const clusterName = pulumi.interpolate`${args.namespace}-${name}`;
    const role = this.child(k8s.rbac.v1.ClusterRole, "", {
      metadata: { name: clusterName, labels },
      rules: [...ambassadorRules],
    });
    const binding = this.child(k8s.rbac.v1.ClusterRoleBinding, "", {
      metadata: { name: clusterName, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name, namespace: args.namespace }],
    });
    return [role, binding];
  }

  /** The service that decides on limits, and the resource that tells Ambassador of it. */
  private makeRateLimit(args: AmbassadorArgs, definitions: pulumi.Resource[]): RateLimit | undefined {
    if (args.rateLimit === undefined) return undefined;
    const { namespace, observability, defaults } = args;
    const limit = new RateLimit(
      this.childName("ratelimit"),
      {
        ...args.rateLimit,
        namespace,
        clients: [selfPeer(this.metadata.name)],
        ...(observability && { observability }),
        ...(defaults && { defaults }),
      },
      this.childOptions(),
    );
    const spec = {
      service: limit.service,
      domain: rateLimitDomain,
      protocol_version: "v3",
      timeout_ms: 50,
      // A limit is a courtesy to others, not a lock: without a decision, requests pass.
      failure_mode_deny: false,
    } as const;
    this.child(
      RateLimitServiceResource,
      "ratelimit",
      { metadata: this.metadata, spec },
      { dependsOn: definitions },
    );
    return limit;
  }

  /** What it listens on, and the name and certificate that it answers with. */
  private makeEdge(args: AmbassadorArgs, definitions: pulumi.Resource[]): pulumi.Resource[] {
    const secret = args.tls && this.certificate(args.tls);
    const dependsOn = definitions;
    const listeners = listenerPorts(args).map(({ name, port, protocol }) => {
      const metadata = { ...this.metadata, name: `${this.metadata.name}-${name}` };
      const spec = {
        port,
        protocol,
        securityModel: "XFP",
        hostBinding: { namespace: { from: "ALL" } },
      } as const;
      return this.child(Listener, name, { metadata, spec }, { dependsOn });
    });
    const action = secret === undefined ? "Route" : "Redirect";
    const host = this.child(
      Host,
      "",
      {
        metadata: this.metadata,
        spec: {
          hostname: this.hostname,
          acmeProvider: { authority: "none" },
          requestPolicy: { insecure: { action } },
          ...(secret && { tlsSecret: { name: secret } }),
        },
      },
      { dependsOn },
    );
    // The Module of all settings must be called `ambassador`. Diagnostics list every route, and would be public.
    const metadata = { ...this.metadata, name: "ambassador" };
    const spec = { config: { diagnostics: { enabled: false }, envoy_log_type: "json" } } as const;
    return [...listeners, host, this.child(Module, "", { metadata, spec }, { dependsOn })];
  }

  /** Name of the Secret with the certificate. */
  private certificate(tls: NonNullable<AmbassadorArgs["tls"]>): pulumi.Input<string> {
    if ("secretName" in tls) return tls.secretName;
    const metadata = { ...this.metadata, name: `${this.metadata.name}-tls` };
    const stringData = { "tls.crt": tls.certificate, "tls.key": pulumi.secret(tls.privateKey) };
    return this.child(k8s.core.v1.Secret, "tls", { metadata, type: "kubernetes.io/tls", stringData }).metadata
      .name;
  }
}
