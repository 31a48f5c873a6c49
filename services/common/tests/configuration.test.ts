import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConfigError,
  kafkaSettings,
  listenAddress,
  monitoringAddress,
  readConfig,
  readEnvironment,
} from "@algorun/common";
import { z } from "zod";

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error("it was accepted, expected problems");
}

describe("Configuration of a service", () => {
  const folder = mkdtempSync(join(tmpdir(), "service-config-"));
  const schema = z.object({ listen: listenAddress, topics: z.array(z.string("expected a name")) });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function read(text: string): z.output<typeof schema> {
    const file = join(folder, "config.json");
    writeFileSync(file, text);
    return readConfig(schema, [`--config=${file}`]);
  }

  it("is a file with JSON", () => {
    assert.deepEqual(read('{"listen": "127.0.0.1:80", "topics": ["a"]}'), {
      listen: { host: "127.0.0.1", port: 80 },
      topics: ["a"],
    });
  });

  it("has all its problems named at once, with what was found", () => {
    const problems = problemsOf(() => read('{"listen": "80", "topics": ["a", 7]}'));
    assert.deepEqual(
      problems.map((problem) => problem.replace(folder, "")),
      [
        '/config.json: listen: expected an address to listen on, such as :18080; found "80"',
        "/config.json: topics.1: expected a name; found 7",
      ],
    );
  });

  it("must be there, and be JSON", () => {
    assert.match(problemsOf(() => readConfig(schema, [])).join(), /expected --config=FILE/);
    assert.match(problemsOf(() => readConfig(schema, ["--config=/none"])).join(), /ENOENT/);
    assert.match(problemsOf(() => readConfig(schema, ["--port=1"])).join(), /--port/);
    assert.match(problemsOf(() => read("{")).join(), /expected a file with JSON/);
  });

  it("listens on the pod's own address where it has been given one", () => {
    process.env["LISTEN_ADDRESS"] = "127.0.0.9";
    try {
      assert.deepEqual(listenAddress.parse(":80"), { host: "127.0.0.9", port: 80 });
      assert.deepEqual(listenAddress.parse("[::1]:80"), { host: "::1", port: 80 });
    } finally {
      delete process.env["LISTEN_ADDRESS"];
    }
    assert.deepEqual(listenAddress.parse(":80"), { host: undefined, port: 80 });
  });
});

describe("Variables of the environment", () => {
  const schema = z.object({
    PORT: z.string().regex(/^[0-9]+$/, "expected a port"),
    API_TOKEN: z.string().regex(/^[a-z]+$/, "expected letters"),
    MODE: z.string("expected a mode"),
  });

  it("have their problems named at once, with what was found, but never a secret", () => {
    assert.deepEqual(
      problemsOf(() => readEnvironment(schema, { PORT: "ten", API_TOKEN: "123", MODE: "" })),
      ['PORT: expected a port; found "ten"', "API_TOKEN: expected letters", "MODE: expected a mode"],
    );
  });

  it("say where a service is monitored", () => {
    assert.deepEqual(monitoringAddress({}), { host: undefined, port: 10_080 });
    assert.deepEqual(monitoringAddress({ LISTEN_ADDRESS: "127.0.0.9", MONITORING_PORT: "0" }), {
      host: "127.0.0.9",
      port: 0,
    });
    assert.deepEqual(
      problemsOf(() => monitoringAddress({ MONITORING_PORT: "65536" })),
      ['MONITORING_PORT: expected a port, 0 to 65535; found "65536"'],
    );
  });
});

describe("Kafka, as a pod's environment names it", () => {
  it("is where the brokers are, and who the service is there", () => {
    const environment = {
      INSTANCE_NAME: "endpoint-0",
      KAFKA_AUTH_PASSWORD: "secret",
      KAFKA_AUTH_TYPE: "scram-sha-512",
      KAFKA_AUTH_USERNAME: "acme.orders.endpoint",
      KAFKA_BROKERS: "one:9092,two:9092",
      KAFKA_TLS: "true",
    };
    assert.deepEqual(kafkaSettings(environment), {
      brokers: ["one:9092", "two:9092"],
      tls: true,
      login: { mechanism: "SCRAM-SHA-512", username: "acme.orders.endpoint", password: "secret" },
      consumerGroup: undefined,
      instance: "endpoint-0",
    });
  });

  it("has its problems named, and its password never", () => {
    assert.deepEqual(
      problemsOf(() => kafkaSettings({ KAFKA_TLS: "yes", KAFKA_AUTH_PASSWORD: "secret" })).map(
        (problem) => problem.split(":")[0],
      ),
      ["KAFKA_BROKERS", "KAFKA_TLS"],
    );
    const halfLogin = { KAFKA_BROKERS: "a:1", KAFKA_AUTH_TYPE: "plain", KAFKA_AUTH_PASSWORD: "secret" };
    assert.deepEqual(
      problemsOf(() => kafkaSettings(halfLogin)),
      ["KAFKA_AUTH_USERNAME: missing, and KAFKA_AUTH_TYPE is plain"],
    );
  });
});
