import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { UserError } from "../local/user-error";

const execute = promisify(execFile);

/** What a person asks for. */
export interface BackupRequest {
  readonly verb: "backup" | "restore";
  /** What is dumped or restored. */
  readonly system: string;
  /** Namespace of the platform. */
  readonly namespace: string;
  /** The dump to bring back. @default the newest complete one */
  readonly dump?: string;
}

/** Pause between two looks at a Job, in milliseconds. */
const interval = 2000;

const systems: readonly string[] = ["sql", "grafana"];

const jobSchema = z.looseObject({
  status: z.looseObject({
    conditions: z
      .array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().optional() }))
      .default([]),
  }),
});
const listSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
const templateSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        initContainers: z.array(z.looseObject({ env: z.array(z.unknown()).optional() })).default([]),
      }),
    }),
  }),
});

/**
 * Reads the words of a command line.
 *
 * @throws UserError for those that make no sense
 */
export function parseRequest([
  verb,
  system = "",
  namespace = "",
  dump = "",
]: readonly string[]): BackupRequest {
  if (verb !== "backup" && verb !== "restore") throw new Error(`there is no command ${verb ?? ""}`);
  if (!systems.includes(system))
    throw new UserError(`SYSTEM: found ${JSON.stringify(system)}, expected ${systems.join(" or ")}`);
  if (verb === "backup" && dump !== "")
    throw new UserError(
      `DUMP: found ${JSON.stringify(dump)}, expected nothing: a new dump gets its name from the time`,
    );
  return { verb, system, namespace, ...(dump !== "" && { dump }) };
}

/**
 * Makes a Job from the CronJob of a system, and waits for its end.
 *
 * @param say - takes what a person may want to know meanwhile, line by line
 * @throws UserError when there is nothing to make it from, or the Job fails
 */
export async function runBackupJob(request: BackupRequest, say: (line: string) => void): Promise<void> {
  const { verb, system, namespace } = request;
  const cronJob = `${system}-${verb}`;
  await findCronJob(namespace, cronJob, system);
  const job = await createJob(request, cronJob);
  say(`job/${job} runs in namespace ${namespace}; it goes on if this command is ended`);
  const { type, message } = await end(namespace, job);
  const logs = await logsOf(namespace, job);
  if (type === "Complete") {
    say(`${logs}${logs === "" ? "" : "\n"}job/${job} is complete`);
    return;
  }
  throw new UserError(
    [
      logs,
      `job/${job} has failed: ${message ?? "its pod has failed"}`,
      `kubectl describe job/${job} --namespace ${namespace} says more`,
    ]
      .filter((part) => part !== "")
      .join("\n"),
  );
}

async function findCronJob(namespace: string, cronJob: string, system: string): Promise<void> {
  const { items } = listSchema.parse(await asked(["get", "cronjobs", "--namespace", namespace]));
  const names = items.map(({ metadata }) => metadata.name);
  if (names.includes(cronJob)) return;
  const there = names.length === 0 ? "none" : names.join(", ");
  throw new UserError(
    `namespace ${namespace}: found the CronJobs ${there}, expected ${cronJob}. ` +
      `Is algorun:backups.enabled, does ${system} run in this cluster, and is NAMESPACE the platform's?`,
  );
}

/** @returns name of the Job */
async function createJob({ namespace, dump }: BackupRequest, cronJob: string): Promise<string> {
  const time = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const name = `${cronJob}-${time}`;
  const from = ["create", "job", name, "--namespace", namespace, `--from=cronjob/${cronJob}`];
  const job = templateSchema.parse(await asked([...from, "--dry-run=client"]));
  if (dump !== undefined)
    for (const container of job.spec.template.spec.initContainers)
      container.env = [...(container.env ?? []), { name: "DUMP", value: dump }];
  await kubectl(["create", "--filename", "-"], JSON.stringify(job));
  return name;
}

/** Waits for the end of a Job, which has a deadline of its own. */
async function end(
  namespace: string,
  job: string,
): Promise<{ readonly type: string; readonly message?: string | undefined }> {
  for (;;) {
    const { status } = jobSchema.parse(await asked(["get", "job", job, "--namespace", namespace]));
    const last = status.conditions.find(
      (condition) => ["Complete", "Failed"].includes(condition.type) && condition.status === "True",
    );
    if (last !== undefined) return last;
    await delay(interval);
  }
}

/** What the containers of a Job have said; empty where nobody kept it. */
async function logsOf(namespace: string, job: string): Promise<string> {
  const pods = ["logs", "--namespace", namespace, "--selector", `batch.kubernetes.io/job-name=${job}`];
  return kubectl([...pods, "--all-containers", "--ignore-errors", "--tail=40"]).then(
    (said) => said.trim(),
    () => "",
  );
}

async function asked(args: readonly string[]): Promise<unknown> {
  return JSON.parse(await kubectl([...args, "--output", "json"]));
}

/** @throws UserError with what kubectl said */
async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const running = execute("kubectl", [...args], { maxBuffer: 2 ** 26 });
  running.child.stdin?.end(input ?? "");
  try {
    return (await running).stdout;
  } catch (error) {
    const failed = z.object({ stderr: z.string() }).safeParse(error);
    if (!failed.success || failed.data.stderr === "")
      throw new UserError(`kubectl can't be run: ${error instanceof Error ? error.message : String(error)}`);
    // Lines of its log come before what it has to say to a person.
    const said = failed.data.stderr.split("\n").filter((line) => !/^[EWI]\d{4} /.test(line));
    throw new UserError(said.join("\n").trim());
  }
}
