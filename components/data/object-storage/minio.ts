import * as pulumi from "@pulumi/pulumi";
import { imageReference, images } from "../../images";
import { podsOf } from "../../workload/network-policy";
import { httpProbe } from "../../workload/probes";
import { headlessSuffix, type StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import { bucketPolicy } from "./bucket-policy";
import {
  minioAdministrator,
  minioArguments,
  minioBucketScript,
  minioEnvironment,
  minioPaths,
} from "./minio-scripts";
import { rootUser, type StorageContext, type StorageEngine } from "./storage-engine";

const port = 9000;

/** Where a server keeps its objects: below the volume's root, where a file system keeps its own `lost+found`. */
const dataFolder = "/data/objects";

/** MinIO: one server with one folder, or 4 to 16 servers that spread each object over several of them. */
export const minio: StorageEngine = {
  port,
  workload: (context) => {
    const { args, name, clients } = context;
    const replicas = args.replicas ?? 1;
    if (replicas !== 1 && (replicas < 4 || replicas > 16)) {
      throw new Error(`servers of MinIO: found ${replicas}, expected 1, or 4 to 16`);
    }
    const members = podsOf(name);
    return {
      namespace: args.namespace,
      name,
      app: { name: "minio", component: "object-storage", version: images.minio.tag },
      defaults: args.defaults,
      replicas,
      podManagementPolicy: "Parallel",
      claims: { data: args.storage ?? { size: "50Gi" } },
      egress: [{ peers: [members], ports: [port] }],
      volumes: {
        root: {
          secretFiles: {
            "config.env": context.rootPassword.apply((password) => minioAdministrator(rootUser, password)),
          },
        },
      },
      containers: [
        {
          name: "minio",
          image: args.image ?? imageReference(images.minio),
          command: ["minio"],
          args: serverArguments(context, replicas),
          env: minioEnvironment(`${minioPaths.root}/config.env`),
          ports: [{ name: "s3", port, clients: [...clients, members] }],
          probes: {
            startup: httpProbe("s3", "/minio/health/live", { failureThreshold: 60 }),
            readiness: httpProbe("s3", "/minio/health/ready"),
            liveness: httpProbe("s3", "/minio/health/live", { periodSeconds: 20, failureThreshold: 6 }),
          },
          resources: args.resources ?? "medium",
          mounts: [
            { volume: "root", path: minioPaths.root },
            { volume: "data", path: "/data" },
          ],
        },
      ],
      transform: args.transform,
    };
  },
  bucketJob: (context, { bucket, accessKeyId, secretAccessKey, retired }) => ({
    app: { name: "mc", component: "object-storage-bucket", version: images.minioClient.tag },
    volumes: {
      root: { secretFiles: { "root-user": rootUser, "root-password": context.rootPassword } },
      user: { secretFiles: { "access-key-id": accessKeyId, "secret-access-key": secretAccessKey } },
      bucket: {
        files: {
          "bucket.sh": pulumi.output(context.args.namespace).apply((namespace) =>
            minioBucketScript({
              endpoint: `http://${context.name}.${namespace}.svc:${port}`,
              bucket,
              paths: minioPaths,
              retired,
            }),
          ),
          "policy.json": bucketPolicy(bucket),
        },
      },
    },
    containers: [
      {
        name: "mc",
        image: context.args.clientImage ?? imageReference(images.minioClient),
        command: ["sh", "/etc/minio/bucket/bucket.sh"],
        mounts: [
          { volume: "root", path: minioPaths.root },
          { volume: "user", path: minioPaths.user },
          { volume: "bucket", path: "/etc/minio/bucket" },
        ],
      },
    ],
  }),
};

function serverArguments(
  { args, name }: StorageContext,
  replicas: number,
): NonNullable<StatefulSetWorkloadArgs["containers"][number]["args"]> {
  if (replicas === 1) return minioArguments(dataFolder, `:${port}`);
  // MinIO expands the three dots itself: the names of all pods, so that each server knows the others.
  const pods = `${name}-{0...${replicas - 1}}.${name}-${headlessSuffix}`;
  const [server = "", addressFlag = "", address = ""] = minioArguments("", `:${port}`);
  return [
    server,
    addressFlag,
    address,
    pulumi.interpolate`http://${pods}.${args.namespace}.svc:${port}${dataFolder}`,
  ];
}
