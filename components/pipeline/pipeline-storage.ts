import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { StorageBucketPlan } from "../../pipelines/model/plan/plan";
import { Component } from "../component";
import type { BucketAccess, BucketKey, ObjectStorageService } from "../platform-services";
import { keyLogin, roleLogin, storageKeys } from "./storage-login";
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

/** The bucket of a pipeline, and the right to use it for those components that do. */
export class PipelineStorage extends Component {
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;
  /** What must exist before the bucket is used. */
  readonly ready: readonly pulumi.Resource[];
  private readonly args: PipelineStorageArgs;
  private readonly access: BucketAccess;
  private readonly loginOf: (component: string) => DataAccess;

  constructor(name: string, args: PipelineStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pipeline:Storage", name, opts);
    this.args = args;
    const { name: bucketName, readers, writers } = args.bucket;
    this.access = args.objectStorage.createBucket(
      { name: bucketName, namespace: args.namespace.namespaceName, readers, writers },
      this.childOptions({ retainOnDelete: args.retainData }),
    );
    const { login } = this.access;
    this.bucket = this.access.bucket;
    if (login.kind === "key") {
      const secret = this.makeSecret(login);
      this.loginOf = () => keyLogin(login, secret.metadata.name);
      this.ready = [secret, ...this.access.ready];
    } else {
      this.loginOf = (component) => roleLogin(login, component);
      this.ready = this.access.ready;
    }
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
    const login = this.loginOf(component);
    return {
      ...login,
      env: {
        AWS_ENDPOINT_URL_S3: objectStorage.endpoint,
        AWS_REGION: objectStorage.region,
        STORAGE_BUCKET: this.bucket,
        ...login.env,
      },
    };
  }

  private makeSecret({ accessKeyId, secretAccessKey }: BucketKey): k8s.core.v1.Secret {
    const { namespace } = this.args;
    return this.child(
      k8s.core.v1.Secret,
      "",
      {
        metadata: {
          name: "object-storage",
          namespace: namespace.namespaceName,
          labels: { ...namespace.labels },
        },
        type: "Opaque",
        stringData: {
          [storageKeys.accessKeyId]: accessKeyId,
          [storageKeys.secretAccessKey]: secretAccessKey,
        },
      },
      { dependsOn: [...namespace.ready] },
    );
  }
}
