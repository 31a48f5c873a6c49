import assert from "node:assert/strict";
import { algoOf, broken, endpointOf, hookOf, planOf } from "./documents-under-test";

const producer = [
  "    kafka: { params: { linger.ms: '5', acks: all } }",
  "    producer:",
  "      cb: { timeout: 5s, fails: 2 }",
  "      resend: { period: 10s }",
  "      wal:",
  "        mode: always",
  "        size: 2Gi",
  "        always_topics: ['algorun.{deploymentowner}.{deploymentname}.endpoint.0.texts']",
  "    paths:",
  "      - name: texts",
  "        messageDataType: FileReference",
].join("\n");

const plan = planOf(
  broken("    paths:\n      - name: texts", producer).replace(
    "      index: 1\n",
    "      index: 1\n      timeoutSeconds: 7\n      parameters: [{ name: locale, value: en }, { name: strict }]\n",
  ),
);

const header = {
  deployment: { owner: "acme", name: "shout" },
  pipeline: { owner: "acme", name: "shout", versionTag: "1.0" },
};
const texts = "algorun.acme.shout.endpoint.0.texts";
const upper = "algorun.acme.shout.upper-case.1.upper";

describe("configuration documents", () => {
  it("tell the gateway its paths, ports, log and producer", () => {
    assert.deepEqual(endpointOf(plan).config, {
      ...header,
      server: {
        http: { listen: ":18080", requestSeconds: 300 },
        grpc: { listen: ":18282" },
        monitoring: { listen: ":28080" },
      },
      kafka: { params: { acks: "all", "linger.ms": "5" } },
      producer: {
        cb: { timeout: "5s", fails: 2 },
        resend: { period: "10s" },
        wal: {
          mode: "always",
          in_memory: false,
          path: "/var/lib/algorun/wal",
          max_bytes: 2 * 1024 ** 3,
          always_topics: [texts],
          disable_topics: [],
        },
      },
      paths: [
        {
          name: "texts",
          protocol: "http",
          isDefault: false,
          messageDataType: "FileReference",
          contentType: "text/plain",
          topic: texts,
          maxBodyBytes: 1_073_741_824,
        },
      ],
      storage: { bucket: "acme.shout" },
    });
  });

  it("tell the runner its algo, topics and deliveries", () => {
    assert.deepEqual(algoOf(plan).runnerConfig, {
      ...header,
      algo: { owner: "acme", name: "upper-case", version: "1.0.0", versionTag: "1.0.0", index: 1 },
      executor: "http",
      entrypoint: [],
      consumerGroup: "algorun.acme.shout.acme-upper-case-1",
      deadLetterTopic: "algorun.acme.shout.upper-case.1.dead-letters",
      timeoutSeconds: 7,
      transactionalIdPrefix: "acme.shout.acme-upper-case-1-0-0-1.",
      writeAllOutputs: false,
      parameters: [
        { name: "locale", flag: "--locale", value: "en", required: false },
        { name: "strict", flag: "--strict", required: false },
      ],
      inputs: [
        {
          name: "Text",
          required: true,
          delivery: "Http",
          contentTypes: ["text/plain"],
          topics: [texts],
          http: { verb: "POST", port: 8080, path: "/", headers: {} },
        },
      ],
      outputs: [
        {
          name: "Upper",
          delivery: "HttpResponse",
          contentType: "text/plain",
          messageDataType: "Embedded",
          topic: upper,
        },
      ],
      storage: { bucket: "acme.shout" },
    });
  });

  it("tell the hook its inputs and webhooks", () => {
    assert.deepEqual(hookOf(plan).config, {
      ...header,
      consumerGroup: "algorun.acme.shout.hook",
      deadLetterTopic: "algorun.acme.shout.hook.0.dead-letters",
      inputs: [{ name: "upper", topics: [upper] }],
      webhooks: [
        {
          name: "upper-15c4d4c3",
          input: "upper",
          topics: [upper],
          url: "https://hooks.acme.example/upper",
          verb: "POST",
          headers: {},
          secretHeaders: {},
        },
      ],
    });
  });
});
