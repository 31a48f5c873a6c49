import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { ObjectStorage } from "../../components/data/object-storage/object-storage";
import { bucketJobName } from "../../components/data/object-storage/bucket-name";
import { resolveTools } from "../../local/toolchain/toolchain";
import { deploy, type RegisteredResource } from "../harness/deploy";
import { theManifest } from "../harness/manifests";
import { writeMounted } from "./minio-server";
import { PodNetwork, type SimulatedPod } from "./pod-network";
import { eventually, type ProcessGroup, type RunningProgram } from "./process-group";

const serverShape = z.looseObject({
  spec: z.looseObject({
    replicas: z.number(),
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.tuple([
          z.looseObject({
            command: z.array(z.string()),
            args: z.array(z.string()),
            env: z.array(z.object({ name: z.string(), value: z.string() })),
          }),
        ]),
      }),
    }),
  }),
});
const secretShape = z.looseObject({ stringData: z.record(z.string(), z.string()) });
const configShape = z.looseObject({ data: z.record(z.string(), z.string()) });

const namespace = "algorun";
const service = "object-storage";
const port = 9000;

/** Programs of MinIO, and who knows where they are. */
interface Programs {
  readonly mc: string;
  readonly minio: string;
}

/** Four servers of MinIO, started as the pods of the StatefulSet are: the same command, variables, names and paths. */
export class MinioCluster {
  private readonly running = new Map<number, RunningProgram>();
  private pods: readonly SimulatedPod[] = [];

  private constructor(
    private readonly folder: string,
    private readonly network: PodNetwork,
    private readonly programs: Programs,
    private readonly resources: readonly RegisteredResource[],
  ) {}

  /**
   * Makes the pods, and starts no server.
   *
   * @param bucket - one that there shall be
   */
  static async create(group: ProcessGroup, folder: string, bucket: string): Promise<MinioCluster> {
    const tools = await resolveTools(["mc", "minio"]);
    const programs = { mc: tools.mc.path, minio: tools.minio.path };
    const { resources } = await deploy(() => {
      const storage = new ObjectStorage(service, { namespace, replicas: 4 });
      storage.createBucket({ name: bucket, namespace: "orders", readers: [], writers: [] }, {});
    });
    const network = await PodNetwork.create(group, folder);
    const cluster = new MinioCluster(folder, network, programs, resources);
    await cluster.makePods();
    return cluster;
  }

  /** Arguments of every server. */
  get arguments(): readonly string[] {
    return this.container().args;
  }

  private container(): z.infer<typeof serverShape>["spec"]["template"]["spec"]["containers"][0] {
    return theManifest(this.resources, "StatefulSet", service, serverShape).spec.template.spec.containers[0];
  }

  private async makePods(): Promise<void> {
    const { spec } = theManifest(this.resources, "StatefulSet", service, serverShape);
    const pods: SimulatedPod[] = [];
    for (let index = 0; index < spec.replicas; index++) {
      const name = `${service}-${index}`;
      const home = join(this.folder, name);
      mkdirSync(join(home, "data"), { recursive: true });
      // Files rather than links to this machine's paths, which a pod doesn't see.
      writeMounted(join(home, "login"), this.secret(`${service}-root`));
      const mounts = { "/data": join(home, "data"), "/etc/minio/root": join(home, "login", "..version") };
      pods.push(await this.network.addPod(name, { programs: { minio: this.programs.minio }, mounts }));
    }
    this.pods = pods;
    this.leadTo(0);
  }

  private secret(name: string): Readonly<Record<string, string>> {
    return theManifest(this.resources, "Secret", name, secretShape).stringData;
  }

  /** Lets the Service lead to a server, as to any that is ready. */
  leadTo(index: number): void {
    const pod = this.pods[index];
    if (pod === undefined) throw new Error(`there is no server ${index}`);
    const own = this.pods.map((each): [string, SimulatedPod] => [
      `${each.name}.${service}-headless.${namespace}.svc`,
      each,
    ]);
    this.network.resolve({ ...Object.fromEntries(own), [`${service}.${namespace}.svc`]: pod });
  }

  /** Starts a server's container. */
  start(index: number): void {
    const pod = this.pods[index];
    if (pod === undefined) throw new Error(`there is no server ${index}`);
    const { command, args, env } = this.container();
    const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    // The kubelet sets it in every container; MinIO then waits for names that don't resolve yet.
    const ofKubelet = { KUBERNETES_SERVICE_HOST: "10.96.0.1" };
    const program = this.network.startIn(pod, [`/${command[0] ?? ""}`, ...args], {
      ...variables,
      ...ofKubelet,
    });
    this.running.set(index, program);
  }

  /** Ends a server as the loss of its node does; its volume stays. */
  async kill(index: number): Promise<void> {
    await this.running.get(index)?.stop("SIGKILL");
  }

  /** Waits for what a server says of itself at a path, as probes ask it. */
  async answers(index: number, path: string, status: number): Promise<void> {
    const program = this.running.get(index);
    await eventually(
      `server ${index} answers ${status} at ${path}`,
      async () => (await this.statusOf(index, path)) === status,
      program && { program },
    );
  }

  /** What a server answers at a path; 0: nothing. */
  async statusOf(index: number, path: string): Promise<number> {
    const url = `http://${this.pods[index]?.address ?? ""}:${port}${path}`;
    const asked = [
      "curl",
      "--silent",
      "--output",
      "/dev/null",
      "--max-time",
      "5",
      "--write-out",
      "%{http_code}",
    ];
    return await this.network
      .runOutside([...asked, url], { PATH: process.env["PATH"] })
      .then(Number, () => 0);
  }

  /** Runs the Job of the bucket. */
  async runBucketJob(bucket: string): Promise<void> {
    const job = bucketJobName(service, bucket);
    const home = join(this.folder, job);
    const mounted = { root: "/etc/minio/root", user: "/etc/minio/user", bucket: "/etc/minio/bucket" };
    const files = {
      root: this.secret(`${job}-root`),
      user: this.secret(`${job}-user`),
      bucket: theManifest(this.resources, "ConfigMap", `${job}-bucket`, configShape).data,
    };
    for (const [volume, content] of Object.entries(files)) writeMounted(join(home, volume), content);
    // The Job's pod has its volumes below /etc/minio; here they are somewhere else.
    const script = Object.entries(mounted).reduce(
      (text, [volume, path]) => text.replaceAll(path, join(home, volume)),
      files.bucket["bucket.sh"] ?? "",
    );
    writeMounted(home, { "bucket.sh": script });
    await this.network.runOutside(["sh", join(home, "bucket.sh")], this.clientEnvironment());
  }

  /** Runs MinIO's client as the user of the bucket, who knows the storage as `s`. */
  async asUserOf(bucket: string, ...args: readonly string[]): Promise<string> {
    const { "access-key-id": id = "", "secret-access-key": key = "" } = this.secret(
      `${bucketJobName(service, bucket)}-user`,
    );
    return this.network.runOutside([this.programs.mc, ...args], {
      ...this.clientEnvironment(),
      MC_CONFIG_DIR: join(this.folder, "mc"),
      MC_HOST_s: `http://${id}:${key}@${service}.${namespace}.svc:${port}`,
    });
  }

  private clientEnvironment(): Readonly<Record<string, string>> {
    return { HOME: this.folder, PATH: `${dirname(this.programs.mc)}:${process.env["PATH"] ?? ""}` };
  }

  /** Folder on this machine of what a server keeps of an object. */
  partOf(index: number, bucket: string, key: string): string {
    return join(this.folder, `${service}-${index}`, "data", "objects", bucket, key, "xl.meta");
  }

  /** Folder with a server's volume. */
  volumeOf(index: number): string {
    return join(this.folder, `${service}-${index}`, "data");
  }
}
