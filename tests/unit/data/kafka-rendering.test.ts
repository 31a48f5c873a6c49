import assert from "node:assert/strict";
import fc from "fast-check";
import { allowedOperations } from "../../../components/data/kafka/access";
import { podPaths } from "../../../components/data/kafka/cluster-layout";
import {
  brokerProperties,
  controllerProperties,
  nodeClientProperties,
  type NodeConfiguration,
} from "../../../components/data/kafka/cluster-properties";
import { startScript, stopScript } from "../../../components/data/kafka/cluster-scripts";
import { portsOf } from "../../../components/data/kafka/external-kafka";
import { heapMebibytes } from "../../../components/data/kafka/heap";
import { refuseFewerPartitions } from "../../../components/data/kafka/partition-guard";
import { renderProperties } from "../../../components/data/kafka/properties";
import { replicationFor } from "../../../components/data/kafka/replication";

const configuration: NodeConfiguration = {
  paths: podPaths,
  controllers: ["c-0.c.ns.svc", "c-1.c.ns.svc", "c-2.c.ns.svc"],
  brokers: 3,
  brokerHost: "${env:POD_NAME}.b.ns.svc",
  listenHost: "0.0.0.0",
  tls: false,
  authority: "own",
  external: false,
  settings: {},
};

function parse(text: string): ReadonlyMap<string, string> {
  const lines = text.trimEnd().split("\n");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

describe("Kafka's rendered configuration", () => {
  it("gives controllers numbers that no broker has", () => {
    assert.equal(
      parse(brokerProperties(configuration)).get("controller.quorum.voters"),
      "1000@c-0.c.ns.svc:9093,1001@c-1.c.ns.svc:9093,1002@c-2.c.ns.svc:9093",
    );
    assert.equal(parse(controllerProperties(configuration)).get("node.id"), "100${env:POD_INDEX}");
    assert.equal(parse(brokerProperties(configuration)).get("node.id"), "${env:POD_INDEX}");
  });

  it("denies what no ACL allows, on brokers and on controllers", () => {
    for (const text of [brokerProperties(configuration), controllerProperties(configuration)]) {
      const properties = parse(text);
      assert.equal(
        properties.get("authorizer.class.name"),
        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      );
      assert.equal(properties.get("allow.everyone.if.no.acl.found"), "false");
      assert.equal(properties.get("super.users"), "User:admin;User:node");
    }
  });

  it("holds no password, only where to read it", () => {
    const texts = [
      brokerProperties(configuration),
      controllerProperties(configuration),
      nodeClientProperties(configuration),
    ];
    for (const text of texts) {
      const passwords = [...text.matchAll(/(?:password|user_node)="([^"]*)"/g)].map(([, value]) => value);
      assert.ok(passwords.length > 0);
      assert.deepEqual(new Set(passwords), new Set(["${directory:/etc/kafka/credentials:node}"]));
    }
  });

  it("keeps as many copies as there are brokers, at most three, where topics are made too", () => {
    const wanted = [
      { brokers: 1, factor: 1, minimumInSync: 1 },
      { brokers: 2, factor: 2, minimumInSync: 1 },
      { brokers: 3, factor: 3, minimumInSync: 2 },
      { brokers: 7, factor: 3, minimumInSync: 2 },
    ];
    for (const { brokers, factor, minimumInSync } of wanted) {
      assert.deepEqual(replicationFor(brokers), { factor, minimumInSync });
      const controller = parse(controllerProperties({ ...configuration, brokers }));
      assert.equal(controller.get("default.replication.factor"), String(factor));
      assert.equal(controller.get("min.insync.replicas"), String(minimumInSync));
    }
  });

  it("lets a caller add settings, but not undo what is safe", () => {
    const settings = {
      "log.retention.hours": 24,
      "auto.create.topics.enable": true,
      "super.users": "User:*",
    };
    const properties = parse(brokerProperties({ ...configuration, settings }));
    assert.equal(properties.get("log.retention.hours"), "24");
    assert.equal(properties.get("auto.create.topics.enable"), "false");
    assert.equal(properties.get("super.users"), "User:admin;User:node");
  });

  it("encrypts every listener or none", () => {
    const map = (tls: boolean): string | undefined =>
      parse(brokerProperties({ ...configuration, tls, external: true })).get(
        "listener.security.protocol.map",
      );
    const listeners = ["CLIENTS", "REPLICATION", "EXTERNAL", "CONTROLLER"];
    assert.equal(map(true), listeners.map((name) => `${name}:SASL_SSL`).join(","));
    assert.equal(map(false), listeners.map((name) => `${name}:SASL_PLAINTEXT`).join(","));
  });

  it("is the same text whatever the order of settings", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z.]{1,12}$/), fc.string()), (values) => {
        const reversed = Object.fromEntries(Object.entries(values).reverse());
        assert.equal(renderProperties(values), renderProperties(reversed));
      }),
    );
  });
});

describe("Kafka's rendered scripts", () => {
  it("write the first users on controllers only, and no password anywhere", () => {
    const script = { paths: podPaths, clusterId: "-FT3hwbYQ2mQrA_I3xG6Hw", heapMebibytes: 512 };
    const controller = startScript({ ...script, role: "controller" });
    assert.match(controller, /--add-scram=SCRAM-SHA-512=\[name=admin,password=%s\]/);
    assert.match(controller, /--add-scram=SCRAM-SHA-512=\[name=node,password=%s\]/);
    assert.doesNotMatch(startScript({ ...script, role: "broker" }), /add-scram/);
  });

  it("end in Kafka itself, so that it gets the signal to stop", () => {
    const script = startScript({ paths: podPaths, clusterId: "x", role: "broker", heapMebibytes: 512 });
    assert.match(script.trimEnd().split("\n").at(-1) ?? "", /^exec java -Xms512m -Xmx512m .* kafka\.Kafka /);
  });

  it("bound the wait before a stop", () => {
    assert.match(stopScript({ paths: podPaths, host: "h", waitSeconds: 90 }), /\+ 90\)/);
  });
});

describe("a heap", () => {
  it("is half of the memory, in whatever unit it is written", () => {
    const given = { "4Gi": 2048, "1Gi": 512, "512Mi": 256, "1.5Gi": 768, "1073741824": 512, "2G": 953 };
    for (const [memory, heap] of Object.entries(given)) assert.equal(heapMebibytes(memory), heap, memory);
  });

  it("is refused for memory that is too small or no quantity", () => {
    for (const memory of ["511Mi", "much", "", "4 Gi"]) {
      assert.throws(() => heapMebibytes(memory), /expected a quantity of at least 512Mi/, memory);
    }
  });
});

describe("what an identity is allowed", () => {
  it("is to read, to write, to be in its group and to commit its own transactions, and nothing more", () => {
    assert.deepEqual(
      allowedOperations({
        consumerGroup: "g",
        transactionalIdPrefix: "t.",
        reads: ["in", "both"],
        writes: ["out", "both"],
      }),
      [
        { resourceType: "Group", resourceName: "g", pattern: "Literal", operation: "Read" },
        { resourceType: "Topic", resourceName: "both", pattern: "Literal", operation: "Read" },
        { resourceType: "Topic", resourceName: "both", pattern: "Literal", operation: "Write" },
        { resourceType: "Topic", resourceName: "in", pattern: "Literal", operation: "Read" },
        { resourceType: "Topic", resourceName: "out", pattern: "Literal", operation: "Write" },
        { resourceType: "TransactionalID", resourceName: "t.", pattern: "Prefixed", operation: "Write" },
      ],
    );
  });

  it("is nothing when it neither reads nor writes", () => {
    assert.deepEqual(allowedOperations({ reads: [], writes: [] }), []);
  });

  it("names only what it was given", () => {
    const names = fc.array(fc.stringMatching(/^[a-z.]{1,8}$/));
    fc.assert(
      fc.property(names, names, (reads, writes) => {
        const allowed = allowedOperations({ reads, writes });
        const by = (operation: string): Set<string> =>
          new Set(allowed.filter((one) => one.operation === operation).map((one) => one.resourceName));
        assert.deepEqual(by("Read"), new Set(reads));
        assert.deepEqual(by("Write"), new Set(writes));
      }),
    );
  });
});

describe("the guard of partitions", () => {
  const check = (before: Record<string, number>, after: Record<string, number>): void => {
    refuseFewerPartitions({ oldInputs: { input: before }, newInputs: { input: after } });
  };

  it("refuses every topic that would have fewer, by name", () => {
    assert.throws(() => {
      check({ a: 4, b: 3, c: 1 }, { a: 2, b: 1, c: 1 });
    }, /topic a: found 2.*\n.*topic b: found 1/);
  });

  it("lets topics grow, come and go", () => {
    assert.doesNotThrow(() => {
      check({ a: 4, gone: 9 }, { a: 6, fresh: 1 });
    });
  });
});

describe("the ports of bootstrap servers", () => {
  it("are each named once", () => {
    assert.deepEqual(portsOf(["b-1:9096", "b-2:9096", "b-3:9094"]), [9094, 9096]);
  });

  it("are demanded", () => {
    assert.throws(() => portsOf(["b-1"]), /found b-1, expected host:port/);
  });
});
