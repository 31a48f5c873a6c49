import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { z } from "zod";
import type { ImagePrograms } from "../../../local/pods/image-programs";
import { podObjects } from "../../../local/pods/kubernetes-objects";
import { planPods, type PodSettings } from "../../../local/pods/plan-pods";
import type { PodProcesses } from "../../../local/pods/pod-processes";
import { UserError } from "../../../local/user-error";
import { examplePods, exampleNames } from "./example-pods";

const programs: ImagePrograms = {
  "algorun/gateway": { entrypoint: ["node", "gateway.cjs"] },
  "algorun/runner": { entrypoint: ["node", "runner.cjs"] },
  "algorun/hook-runner": { entrypoint: ["node", "hook-runner.cjs"] },
  "harbour/detect-lorries": { entrypoint: ["/bin/cat"] },
  "minio/mc": { entrypoint: ["mc"], path: ["/tools"] },
};

const settings: PodSettings = {
  root: "/root-of-pods",
  network: "127.64.9",
  programs,
  addresses: {
    "kafka-broker.algorun.svc:9092": "127.0.0.1:29092",
    "object-storage.algorun.svc:9000": "127.64.9.200:9000",
  },
  variables: { KAFKA_TLS: "true", KAFKA_TLS_CA_LOCATION: "/pki/ca.pem" },
};

function pods(change: Partial<PodSettings> = {}): readonly PodProcesses[] {
  return planPods(examplePods("harbour-gate-video"), { ...settings, ...change });
}

function podOf(workload: string): PodProcesses {
  const pod = pods().find((candidate) => candidate.workload === workload);
  assert.ok(pod, workload);
  return pod;
}

function fileOf(pod: PodProcesses, path: string): string {
  const file = pod.files.find((candidate) => candidate.path === path);
  assert.ok(file, `${path} is not among ${pod.files.map((each) => each.path).join(", ")}`);
  return file.content;
}

describe("pods as processes", () => {
  it("an endpoint finds its configuration, its keys and its log where its arguments and files say", () => {
    const endpoint = podOf("endpoint");
    const [gateway] = endpoint.containers;
    assert.ok(gateway);
    const folder = "/root-of-pods/algorun-harbour-gate-video/endpoint-0";
    const config = `${folder}/gateway/etc/algorun/gateway/config.json`;
    assert.deepEqual([gateway.program, ...gateway.args], ["node", "gateway.cjs", `--config=${config}`]);
    const text = fileOf(endpoint, config);
    const keys = `${folder}/gateway/etc/algorun/stream-keys`;
    assert.ok(text.includes(`"streamKeyFile": "${keys}/north-gate"`), text);
    assert.match(fileOf(endpoint, `${keys}/north-gate`), /^harbour\.gate-video\.north-gate\?key=/);
    const log = "/root-of-pods/algorun-harbour-gate-video/claims/wal-endpoint-0";
    assert.ok(text.includes(`"path": "${log}"`), text);
    assert.deepEqual(
      endpoint.folders.filter(({ persists }) => persists).map(({ path }) => path),
      [log],
    );
  });

  it("variables come from the pod, its Secrets and this machine", () => {
    const [gateway] = podOf("endpoint").containers;
    const env = gateway?.env ?? {};
    assert.equal(env["INSTANCE_NAME"], "endpoint-0");
    assert.equal(env["KAFKA_BROKERS"], "127.0.0.1:29092");
    assert.equal(env["KAFKA_AUTH_PASSWORD"], "harbour-gate-video-endpoint-kafka-result");
    assert.equal(env["AWS_ENDPOINT_URL_S3"], "http://127.64.9.200:9000");
    assert.equal(env["KAFKA_TLS"], "true");
    assert.equal(env["KAFKA_TLS_CA_LOCATION"], "/pki/ca.pem");
    assert.equal(env["LISTEN_ADDRESS"], podOf("endpoint").address);
  });

  it("who does not talk to Kafka is told nothing of it", () => {
    const [copy] = podOf("harbour-detect-lorries-1-4-0-1").containers;
    assert.equal(copy?.name, "copy-runner");
    assert.deepEqual(
      Object.keys(copy.env).filter((name) => name.startsWith("KAFKA")),
      [],
    );
  });

  it("a runner that is copied lies in the folder that its algo's container runs it from", () => {
    const pod = podOf("harbour-detect-lorries-1-4-0-1");
    const [copy, algo] = pod.containers;
    const folder = `/root-of-pods/algorun-harbour-gate-video/${pod.name}/volumes/runner`;
    assert.deepEqual(copy?.args, ["runner.cjs", "install", folder]);
    assert.deepEqual([copy.kind, algo?.kind], ["init", "main"]);
    assert.ok([algo?.program, ...(algo?.args ?? [])].some((word) => word?.startsWith(`${folder}/`)));
  });

  it("each pod has an address of its own, and is probed there", () => {
    const all = pods();
    const addresses = all.map(({ address }) => address);
    assert.equal(new Set(addresses).size, all.length);
    const endpoint = podOf("endpoint");
    assert.deepEqual(endpoint.containers[0]?.readiness?.kind, "http");
    const probe = endpoint.containers[0].readiness;
    assert.ok(probe.url.startsWith(`http://${endpoint.address}:28080/`), probe.url);
  });

  it("a Job's pod runs to its end, with its image's programs on the PATH", () => {
    const job = pods().find(({ runs }) => runs === "to completion");
    const [mc] = job?.containers ?? [];
    assert.ok(job && mc);
    assert.equal(mc.program, "sh");
    assert.ok(mc.env["PATH"]?.startsWith("/tools:"));
    const script = fileOf(job, mc.args[0] ?? "");
    assert.ok(!script.includes(" /etc/minio/"), script);
    assert.ok(script.includes("@127.64.9.200:9000"), script);
  });

  it("every file is private", () => {
    assert.deepEqual(new Set(pods().flatMap(({ files }) => files.map(({ mode }) => mode))), new Set([0o600]));
  });

  it("an image that is in no table is an error that names it and those that are", () => {
    const others = Object.fromEntries(
      Object.entries(programs).filter(([name]) => name !== "algorun/gateway"),
    );
    assert.throws(
      () => pods({ programs: others }),
      (error) =>
        error instanceof UserError &&
        /Pod algorun-harbour-gate-video\/endpoint-0, container gateway: found image ghcr\.io\/algorun\/gateway:\S+, .*algorun\/hook-runner/.test(
          error.message,
        ),
    );
  });

  it("a ConfigMap that is not there is an error that names it", () => {
    const objects = examplePods("harbour-gate-video");
    assert.throws(() => planPods({ ...objects, configMaps: {} }, settings), /ConfigMap .* is not there/);
  });

  it("a Secret read from the API server is the same as a rendered one", () => {
    const text = readFileSync(join("tests", "golden", "examples", "till-payment-notices.yaml"), "utf8");
    const rendered = loadAll(text);
    const stored = rendered.map((object) => {
      const secret = z.looseObject({ stringData: z.record(z.string(), z.string()) }).safeParse(object);
      if (!secret.success) return object;
      const { stringData, ...rest } = secret.data;
      const encoded = Object.entries(stringData).map(([key, text]) => [
        key,
        Buffer.from(text).toString("base64"),
      ]);
      return { ...rest, data: Object.fromEntries(encoded) as unknown };
    });
    const isPodObject = (object: unknown): boolean =>
      typeof object === "object" && object !== null && "kind" in object;
    assert.deepEqual(podObjects(stored.filter(isPodObject)), podObjects(rendered.filter(isPodObject)));
  });

  it("a folder whose name would break scripts and JSON is an error", () => {
    for (const root of ["/with space", '/with"quote', "/with'quote", "/with\\slash"])
      assert.throws(() => pods({ root }), /expected one without spaces and quotes/);
  });

  for (const name of exampleNames) {
    it(`no mount path is left in what the containers of ${name} are told`, () => {
      const objects = examplePods(name);
      const images = objects.workloads.flatMap(({ spec }) =>
        [...spec.template.spec.containers, ...spec.template.spec.initContainers].map(({ image }) => image),
      );
      const all = Object.fromEntries(
        images.map((image) => [image.replace(/:[^:/]*$/, ""), { entrypoint: ["anything"] }]),
      );
      const planned = planPods(objects, { ...settings, programs: all });
      assert.ok(planned.length > 0);
      for (const pod of planned) {
        const texts = [
          ...pod.files.map(({ content }) => content),
          ...pod.containers.flatMap(({ args, env, program }) => [program, ...args, ...Object.values(env)]),
        ];
        for (const text of texts)
          assert.doesNotMatch(
            text,
            /(?<![\w./-])\/(etc\/algorun|algo-runner|etc\/minio|var\/lib\/algorun)\b/,
          );
      }
    });
  }
});
