import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../component";
import { podTemplate } from "./pod-template";
import { Workload } from "./workload";
import type { WorkloadArgs, WorkloadTransforms } from "./workload-args";

/** Arguments of {@link JobWorkload}. */
export interface JobWorkloadArgs extends WorkloadArgs {
  /** How often a failed pod is tried again. @default 6 */
  readonly backoffLimit?: number;
  /** Seconds after which the Job has failed, whatever it does. @default 600 */
  readonly activeDeadlineSeconds?: number;
  /** Seconds that a finished Job is kept to be looked at. @default 86400, a day */
  readonly ttlSecondsAfterFinished?: number;
  readonly transform?: WorkloadTransforms & { readonly job?: Transform<k8s.batch.v1.JobArgs> };
}

/**
 * One pod that runs to its end. A change of its pod makes a new Job in place of the old one, and a Job that has
 * expired is run again by the update that follows a refresh: what it does must bear repeating.
 */
export class JobWorkload extends Workload<JobWorkloadArgs> {
  readonly nodes: { readonly job: k8s.batch.v1.Job };

  constructor(name: string, args: JobWorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workload:Job", name, args, opts);
    const { serviceAccount, networkPolicy } = this.makeFoundation(args.transform);
    const volumes = this.makeOwnVolumes();
    const job = this.child(k8s.batch.v1.Job, "", this.job(), {
      transform: args.transform?.job,
      deleteBeforeReplace: true,
      ...this.controllerOptions([serviceAccount, networkPolicy, ...volumes], opts),
    });
    this.nodes = { job };
    this.registerOutputs({ name: this.name, namespace: this.namespace });
  }

  private job(): k8s.batch.v1.JobArgs {
    const { args } = this;
    return {
      metadata: this.metadata(),
      spec: {
        backoffLimit: args.backoffLimit ?? 6,
        activeDeadlineSeconds: args.activeDeadlineSeconds ?? 600,
        ttlSecondsAfterFinished: args.ttlSecondsAfterFinished ?? 86_400,
        template: podTemplate(args, {
          name: this.name,
          checksum: this.checksum(),
          claims: [],
          restartPolicy: "OnFailure",
        }),
      },
    };
  }
}
