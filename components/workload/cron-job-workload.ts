import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../component";
import { podTemplate } from "./pod-template";
import { Workload } from "./workload";
import type { WorkloadArgs, WorkloadTransforms } from "./workload-args";

/** Arguments of {@link CronJobWorkload}. */
export interface CronJobWorkloadArgs extends WorkloadArgs {
  /** When it runs, as cron writes it, in UTC. */
  readonly schedule: string;
  /** Whether it never runs by itself: a template for `kubectl create job --from`. @default false */
  readonly suspend?: boolean;
  /** How often a failed pod is tried again. @default 2 */
  readonly backoffLimit?: number;
  /** Seconds after which a run has failed, whatever it does. @default 3600 */
  readonly activeDeadlineSeconds?: number;
  readonly transform?: WorkloadTransforms & { readonly cronJob?: Transform<k8s.batch.v1.CronJobArgs> };
}

/**
 * A pod that runs to its end again and again, and never twice at once. Failed pods are kept, since what they printed is
 * the report.
 */
export class CronJobWorkload extends Workload<CronJobWorkloadArgs> {
  readonly nodes: { readonly cronJob: k8s.batch.v1.CronJob };

  constructor(name: string, args: CronJobWorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workload:CronJob", name, args, opts);
    const { serviceAccount, networkPolicy } = this.makeFoundation(args.transform);
    const volumes = this.makeOwnVolumes();
    const cronJob = this.child(k8s.batch.v1.CronJob, "", this.cronJob(), {
      transform: args.transform?.cronJob,
      ...this.controllerOptions([serviceAccount, networkPolicy, ...volumes], opts),
    });
    this.nodes = { cronJob };
    this.registerOutputs({ name: this.name, namespace: this.namespace });
  }

  private cronJob(): k8s.batch.v1.CronJobArgs {
    const { args } = this;
    const metadata = this.metadata();
    return {
      metadata,
      spec: {
        schedule: args.schedule,
        timeZone: "Etc/UTC",
        suspend: args.suspend ?? false,
        concurrencyPolicy: "Forbid",
        // A cluster that was down at the time makes up for it for an hour.
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels: metadata.labels },
          spec: {
            backoffLimit: args.backoffLimit ?? 2,
            activeDeadlineSeconds: args.activeDeadlineSeconds ?? 3600,
            template: podTemplate(args, {
              name: this.name,
              checksum: this.checksum(),
              claims: [],
              restartPolicy: "Never",
            }),
          },
        },
      },
    };
  }
}
