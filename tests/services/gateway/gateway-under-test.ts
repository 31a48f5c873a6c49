import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { startMinio, type MinioServer } from "../../software/minio-server";
import { ProcessGroup } from "../../software/process-group";
import { TestKafka } from "../test-kafka";
import { curl, type Answer } from "./curl";
import { endpointUnderTest } from "./gateway-documents";
import { GatewayProcess } from "./gateway-process";
import { EndpointClient } from "./grpc-client";

const network = "127.0.31";
/** The deployment's bucket. */
export const bucket = "acme.orders";
/** The key of the caller that the document names. */
export const key = "0123456789abcdefghijklmnopqrstuvwxyzABCD";

/** What a message is answered with. */
export const acceptedSchema = z.object({ traceId: z.string(), messageId: z.string() });
const problemSchema = z.object({ status: z.number(), title: z.string(), detail: z.string() });

/** A gateway with a Kafka and a MinIO. */
export class GatewayUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), "gateway-"));
  readonly plan = endpointUnderTest("authentication: { apiKeys: { callers: [kiosk] } }");
  /** Another deployment, copies of whose requests come in. */
  readonly copied = "acme.former";
  /** Where the gateway finds the digests of keys. */
  readonly keys = join(this.folder, "gateway/etc/algorun/api-keys");
  /** Message ids of what was taken, by names. */
  readonly ids = new Map<string, string>();
  private readonly group = new ProcessGroup();
  private started:
    | {
        readonly kafka: TestKafka;
        readonly minio: MinioServer;
        readonly gateway: GatewayProcess;
        readonly grpc: EndpointClient;
      }
    | undefined;

  get kafka(): TestKafka {
    return this.parts.kafka;
  }

  get minio(): MinioServer {
    return this.parts.minio;
  }

  get gateway(): GatewayProcess {
    return this.parts.gateway;
  }

  get grpc(): EndpointClient {
    return this.parts.grpc;
  }

  private get parts(): NonNullable<GatewayUnderTest["started"]> {
    if (this.started === undefined) throw new Error("it has not started");
    return this.started;
  }

  async start(): Promise<void> {
    const { folder, group, plan } = this;
    const [kafka, minio] = await Promise.all([
      TestKafka.start(group, join(folder, "kafka"), network),
      startMinio(group, folder, `${network}.1:9000`),
    ]);
    await minio.makeBucket(bucket);
    const topics = plan.paths.map(({ topic }) => topic);
    await kafka.createTopics(topics, 2);
    const login = await kafka.createUser(plan.identity);
    const storage = {
      AWS_ACCESS_KEY_ID: bucket,
      AWS_SECRET_ACCESS_KEY: "acmeordersSecret02",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_S3: minio.endpoint,
    };
    this.allow("kiosk", key);
    const gateway = await GatewayProcess.start(group, {
      folder: join(folder, "gateway"),
      plan: { ...plan, config: { ...plan.config, copiesOf: [this.copied] } },
      address: `${network}.2`,
      env: { ...login, ...storage },
    });
    this.started = { kafka, minio, gateway, grpc: new EndpointClient(gateway.grpc) };
  }

  async stop(): Promise<void> {
    this.started?.grpc.close();
    await this.group.stopAll();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lets a caller in. */
  allow(caller: string, secret: string): void {
    mkdirSync(this.keys, { recursive: true });
    writeFileSync(join(this.keys, caller), createHash("sha256").update(secret).digest("hex"));
  }

  /** Sends by curl what its arguments say. */
  async send(path: string, ...args: readonly string[]): Promise<Answer> {
    return await curl("-H", `x-api-key: ${key}`, ...args, `${this.gateway.http}/acme/orders${path}`);
  }

  /** Sends what must be taken, and remembers its message id by a name. @returns the trace id */
  async sent(name: string, path: string, ...args: readonly string[]): Promise<string> {
    const { body, headers, status } = await this.send(path, ...args);
    assert.equal(status, 202, body);
    const { traceId, messageId } = acceptedSchema.parse(JSON.parse(body));
    assert.match(headers, new RegExp(`x-algorun-trace-id: ${traceId.toLowerCase()}`));
    this.ids.set(name, messageId);
    return traceId;
  }

  /** Sends what must be refused. @returns why */
  async refused(want: number, path: string, ...args: readonly string[]): Promise<string> {
    const { body, headers, status } = await this.send(path, ...args);
    assert.equal(status, want, body);
    assert.match(headers, /content-type: application\/problem\+json/);
    const problem = problemSchema.parse(JSON.parse(body));
    assert.equal(problem.status, want);
    return problem.detail;
  }

  /** What is in the bucket. */
  async objects(): Promise<string> {
    return await this.minio.asUserOf(bucket, "ls", "--recursive", `s/${bucket}`);
  }
}
