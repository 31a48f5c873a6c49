import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { StorageBucketPlan } from "../../pipelines/model/plan/plan";
import { Component } from "../component";
import type { BucketAccess, ObjectStorageService } from "../platform-services";
import type { DataAccess } from "./data-access";
import type { PipelineNamespace } from "./pipeline-namespace";

/** Arguments of {@link PipelineStorage}. */
export interface PipelineStorageArgs {
  readonly bucket: StorageBucketPlan;
  readonly objectStorage: ObjectStorageService;
  readonly namespace: PipelineNamespace;
  /** Whether the bucket outlives the pipeline. */
  readonly retainData: boolean;
}

const accessKeyIdKey = "access-key-id";
const secretAccessKeyKey = "secret-access-key";

/** The bucket of a pipeline, and a Secret with the right to use it for those components that do. */
export class PipelineStorage extends Component {
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;
  /** What must exist before the bucket is used. */
  readonly ready: readonly pulumi.Resource[];
  private readonly args: PipelineStorageArgs;
  private readonly access: BucketAccess;
  private readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: PipelineStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pipeline:Storage", name, opts);
    this.args = args;
    this.access = args.objectStorage.createBucket(
      args.bucket.name,
      this.childOptions({ retainOnDelete: args.retainData }),
    );
    const secret = this.child(
      k8s.core.v1.Secret,
      "",
      {
        metadata: {
          name: "object-storage",
          namespace: args.namespace.namespaceName,
          labels: { ...args.namespace.labels },
        },
        type: "Opaque",
        stringData: {
          [accessKeyIdKey]: this.access.accessKeyId,
          [secretAccessKeyKey]: this.access.secretAccessKey,
        },
      },
      { dependsOn: [...args.namespace.ready] },
    );
    this.secretName = secret.metadata.name;
    this.bucket = this.access.bucket;
    this.ready = [secret, ...this.access.ready];
    this.registerOutputs({ bucket: this.bucket });
  }

  /** Whether a component reads or writes objects. */
  isUsedBy(component: string): boolean {
    const { readers, writers } = this.args.bucket;
    return readers.includes(component) || writers.includes(component);
  }

  /**
   * What a component needs in order to use the bucket; undefined when it has no business there. The variables that begin
   * with AWS_ are read by the S3 clients of all languages without being told.
   */
  accessOf(component: string): DataAccess | undefined {
    if (!this.isUsedBy(component)) return undefined;
    const { objectStorage } = this.args;
    const { bucket, accessKeyId, secretAccessKey } = this.access;
    return {
      env: {
        AWS_ENDPOINT_URL_S3: objectStorage.endpoint,
        AWS_REGION: objectStorage.region,
        STORAGE_BUCKET: bucket,
      },
      secretEnv: {
        AWS_ACCESS_KEY_ID: { secret: this.secretName, key: accessKeyIdKey },
        AWS_SECRET_ACCESS_KEY: { secret: this.secretName, key: secretAccessKeyKey },
      },
      volumes: {},
      mounts: [],
      rollOn: [accessKeyId, secretAccessKey],
    };
  }
}
