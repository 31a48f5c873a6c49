import type * as pulumi from "@pulumi/pulumi";
import type { HandsOver } from "../../handover";
import { imageReference } from "../../images";
import type { ObjectStorageService } from "../../platform-services";
import type { SystemContext } from "../../system-context";
import type { ContainerResources } from "../../workload/container-resources";
import { ExternalObjectStorage } from "./external-object-storage";
import { ObjectStorage } from "./object-storage";
import type { StorageHandover } from "./storage-handover";
import { S3ObjectStorage, type S3ObjectStorageArgs, type S3Settings } from "./s3-object-storage";
import type { ObjectStorageArgs } from "./storage-engine";

interface ServerSettings {
  readonly resources?: ContainerResources;
  /** Size of the volume. */
  readonly storageSize?: string;
}

/** A server in the cluster, Amazon S3, or any S3-compatible storage that somebody else runs. */
export type ObjectStorageSettings =
  | (ServerSettings & { readonly engine: "minio"; readonly replicas: number })
  | (ServerSettings & { readonly engine: "seaweedfs" })
  | {
      readonly engine: "external";
      readonly endpoint: string;
      readonly region: string;
      readonly accessKeyId: string;
      readonly addressBlocks: readonly string[];
    }
  | ({ readonly engine: "s3" } & S3Settings);

/** What the storage is made from beside its settings. */
export interface ObjectStorageChoice {
  /** Secret part of the key of an external storage. */
  readonly secretAccessKey?: pulumi.Output<string> | undefined;
  readonly transform?: ObjectStorageArgs["transform"];
  readonly s3Transform?: S3ObjectStorageArgs["transform"];
}

/**
 * Makes the object storage of a platform.
 *
 * @throws Error for settings that need what is not there
 */
export function makeObjectStorage(
  name: string,
  settings: ObjectStorageSettings,
  { secretAccessKey, transform, s3Transform }: ObjectStorageChoice,
  context: SystemContext,
): ObjectStorageService & HandsOver<StorageHandover> {
  const { retainData, elsewhere } = context;
  switch (settings.engine) {
    case "s3": {
      const account = context.aws();
      return new S3ObjectStorage(
        name,
        { ...settings, account, retainData, transform: s3Transform },
        elsewhere,
      );
    }
    case "external":
      if (secretAccessKey === undefined)
        throw new Error("an external object storage needs a secret access key");
      return new ExternalObjectStorage(name, { ...settings, secretAccessKey }, elsewhere);
    case "minio":
    case "seaweedfs": {
      const { storageSize, ...server } = settings;
      const client = settings.engine === "minio" ? "minioClient" : "seaweedfs";
      return new ObjectStorage(
        name,
        {
          ...server,
          ...context.shared,
          generation: context.generation("objectStorage"),
          administratorGeneration: context.generation("objectStorageAdministrator"),
          transform,
          image: imageReference(context.image(settings.engine)),
          clientImage: imageReference(context.image(client)),
          ...(storageSize && { storage: { size: storageSize } }),
        },
        context.inCluster,
      );
    }
  }
}
