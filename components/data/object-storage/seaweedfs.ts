import * as pulumi from "@pulumi/pulumi";
import { imageReference, images } from "../../images";
import { podsOf } from "../../workload/network-policy";
import { httpProbe, tcpProbe } from "../../workload/probes";
import { headlessSuffix } from "../../workload/stateful-set-workload";
import {
  grpcOffset,
  seaweedArguments,
  seaweedBucketScript,
  seaweedIdentities,
  seaweedPorts,
} from "./seaweedfs-scripts";
import { administratorLabels, rootUser, type StorageEngine } from "./storage-engine";

const userFolder = "/etc/seaweedfs/user";

/** SeaweedFS with all its parts in one pod. Growing further is a matter of its own operator, and `ExternalObjectStorage`. */
export const seaweedfs: StorageEngine = {
  port: seaweedPorts.s3,
  workload: ({ args, name, clients, rootPassword }) => {
    const replicas = args.replicas ?? 1;
    if (replicas !== 1) throw new Error(`servers of SeaweedFS: found ${replicas}, expected 1`);
    const administrators = { podSelector: { matchLabels: { ...administratorLabels(name) } } };
    const inner = Object.entries(seaweedPorts).filter(([part]) => part !== "s3");
    const ports = inner.flatMap(([part, port]) => [
      { name: part, port, clients: [podsOf(name), administrators] },
      { name: `${part}-grpc`, port: port + grpcOffset, clients: [podsOf(name), administrators] },
    ]);
    const host = pulumi.interpolate`$(POD_NAME).${name}-${headlessSuffix}.${args.namespace}.svc`;
    const serverArgs = host.apply((text) => [
      ...seaweedArguments(text, "/data/objects", "/etc/seaweedfs/root/s3.json"),
    ]);
    return {
      namespace: args.namespace,
      name,
      app: { name: "seaweedfs", component: "object-storage", version: images.seaweedfs.tag },
      defaults: args.defaults,
      replicas,
      claims: { data: args.storage ?? { size: "50Gi" } },
      egress: [{ peers: [podsOf(name)], ports: ports.map(({ port }) => port) }],
      volumes: {
        root: {
          secretFiles: { "s3.json": rootPassword.apply((password) => seaweedIdentities(rootUser, password)) },
        },
      },
      containers: [
        {
          name: "seaweedfs",
          image: args.image ?? imageReference(images.seaweedfs),
          // The server makes no folders.
          command: ["sh", "-c", 'mkdir -p /data/objects && exec weed -logtostderr=true "$@"', "weed"],
          args: argumentList(serverArgs),
          fieldEnv: { POD_NAME: "metadata.name" },
          ports: [...ports, { name: "s3", port: seaweedPorts.s3, clients }],
          probes: {
            startup: tcpProbe("s3", { failureThreshold: 60 }),
            readiness: httpProbe("s3", "/status"),
            liveness: tcpProbe("master", { periodSeconds: 20, failureThreshold: 6 }),
          },
          resources: args.resources ?? "medium",
          mounts: [
            { volume: "root", path: "/etc/seaweedfs/root" },
            { volume: "data", path: "/data" },
          ],
        },
      ],
      transform: args.transform,
    };
  },
  bucketJob: ({ args, name }, { bucket, accessKeyId, secretAccessKey, retired }) => ({
    app: { name: "weed", component: "object-storage-bucket", version: images.seaweedfs.tag },
    volumes: {
      user: { secretFiles: { "access-key-id": accessKeyId, "secret-access-key": secretAccessKey } },
      bucket: {
        files: {
          "bucket.sh": pulumi.output(args.namespace).apply((namespace) => {
            const host = `${name}.${namespace}.svc`;
            return seaweedBucketScript({ host, bucket, user: userFolder, retired });
          }),
        },
      },
    },
    containers: [
      {
        name: "weed",
        image: args.image ?? imageReference(images.seaweedfs),
        command: ["sh", "/etc/seaweedfs/bucket/bucket.sh"],
        mounts: [
          { volume: "user", path: userFolder },
          { volume: "bucket", path: "/etc/seaweedfs/bucket" },
        ],
      },
    ],
  }),
};

function argumentList(output: pulumi.Output<string[]>): pulumi.Output<string>[] {
  // How many there are is known: only the host comes later.
  return seaweedArguments("", "", "").map((_, index) => output.apply((list) => list[index] ?? ""));
}
