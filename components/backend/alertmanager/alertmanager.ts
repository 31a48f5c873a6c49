import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { imageReference, images, type PinnedImage } from "../../images";
import type { NetworkAddress } from "../../platform-services";
import type { ContainerResources } from "../../workload/container-resources";
import { anywhere } from "../../workload/network-policy";
import type { PodDefaults } from "../../workload/pod-defaults";
import { httpProbe } from "../../workload/probes";
import { StatefulSetWorkload, type StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import { renderAlertmanagerConfig } from "./alertmanager-config";

/** Where Alertmanager answers. */
export const alertmanagerPort = 9093;

/** Arguments of {@link Alertmanager}. */
export interface AlertmanagerArgs {
  readonly namespace: pulumi.Input<string>;
  /** Who may send alerts to it and ask it for them. */
  readonly clients: NetworkAddress["peers"];
  /** Where alerts are posted, as `http(s)://host:port/…`; often it holds a token. @default nowhere: they are only shown */
  readonly webhookUrl?: pulumi.Input<string>;
  /** @default images.alertmanager */
  readonly image?: PinnedImage;
  /** Size of the volume for silences. @default "1Gi" */
  readonly storageSize?: string;
  /** @default small: 100m to 1 CPU, 256Mi of memory */
  readonly resources?: ContainerResources;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: StatefulSetWorkloadArgs["transform"];
}

/** Alertmanager: groups alerts and posts them to one webhook. */
export class Alertmanager extends Component {
  /** `host:port` inside the cluster. */
  readonly endpoint: pulumi.Output<string>;
  readonly address: NetworkAddress;
  readonly nodes: { readonly workload: StatefulSetWorkload };

  constructor(name: string, args: AlertmanagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:Alertmanager", name, opts);
    const image = args.image ?? images.alertmanager;
    const config =
      args.webhookUrl === undefined
        ? renderAlertmanagerConfig({ webhookUrl: undefined })
        : pulumi.secret(args.webhookUrl).apply((webhookUrl) => renderAlertmanagerConfig({ webhookUrl }));
    const workload = new StatefulSetWorkload(
      name,
      {
        namespace: args.namespace,
        app: { name: "alertmanager", component: "alerting", version: image.tag },
        defaults: args.defaults,
        transform: args.transform,
        // The image's own user, `nobody`.
        userId: 65534,
        volumes: { config: { secretFiles: { "alertmanager.yml": config } } },
        claims: { data: { size: args.storageSize ?? "1Gi" } },
        containers: [
          {
            name: "alertmanager",
            image: imageReference(image),
            args: [
              "--config.file=/etc/alertmanager/alertmanager.yml",
              "--storage.path=/alertmanager",
              // One replica has no peers to gossip with.
              "--cluster.listen-address=",
            ],
            ports: [{ name: "http", port: alertmanagerPort, clients: args.clients }],
            resources: args.resources ?? "small",
            mounts: [
              { volume: "config", path: "/etc/alertmanager" },
              { volume: "data", path: "/alertmanager" },
            ],
            probes: {
              liveness: httpProbe("http", "/-/healthy"),
              readiness: httpProbe("http", "/-/ready"),
            },
          },
        ],
        egress: args.webhookUrl === undefined ? [] : [{ peers: anywhere, ports: [] }],
      },
      { parent: this },
    );
    this.endpoint = pulumi.interpolate`${workload.host()}:${alertmanagerPort}`;
    this.address = workload.address();
    this.nodes = { workload };
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
