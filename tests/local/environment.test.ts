import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:tls";
import { Admin, Producer, type SASLOptions } from "@platformatic/kafka";
import { startEnvironment, stopEnvironment, type Environment } from "../../local/environment";
import { topicsOf } from "../../local/kafka/broker";
import { readProcess, readProcesses } from "../../local/process/managed-process";
import { isAlive } from "../../local/process/process-identity";
import { run } from "../../local/process/run";
import { until } from "../../local/process/until";
import { processNames } from "../../local/processes";
import { TemporaryLayout } from "./temporary-layout";

describe("the embedded environment", function () {
  this.timeout(300_000);
  const temporary = new TemporaryLayout();
  const { directory } = temporary.layout;
  let environment: Environment;

  before(async () => {
    environment = await startEnvironment({ directory });
  });

  after(async () => {
    await stopEnvironment({ directory });
    await temporary.remove();
  });

  function processIds(): readonly number[] {
    return readProcesses(environment.layout).map(({ pid }) => pid);
  }

  async function kill(name: string): Promise<void> {
    const record = readProcess(environment.layout, name);
    assert(record);
    process.kill(record.pid, "SIGKILL");
    assert(await until(() => !isAlive(record), 5000));
  }

  async function kubectl(...args: readonly string[]): Promise<string> {
    return run("kubectl", args, { env: environment.variables });
  }

  function apply(manifest: object): void {
    execFileSync("kubectl", ["apply", "--filename", "-"], {
      env: environment.variables,
      input: JSON.stringify(manifest),
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** Options of a Kafka client; by default the administrator's. */
  function client(sasl?: SASLOptions): ConstructorParameters<typeof Admin>[0] {
    const { kafka } = environment.connections;
    return {
      clientId: "test",
      bootstrapBrokers: [...kafka.bootstrapServers],
      sasl: sasl ?? { mechanism: "SCRAM-SHA-512", username: kafka.username, password: kafka.password },
      tls: { ca: kafka.caCertificate },
      retries: 0,
    };
  }

  async function withAdmin<T>(work: (admin: Admin) => Promise<T>, sasl?: SASLOptions): Promise<T> {
    const admin = new Admin(client(sasl));
    try {
      return await work(admin);
    } finally {
      await admin.close();
    }
  }

  it("keeps what runs when it is started again", async () => {
    const before = processIds();
    assert.equal(before.length, processNames.length);
    await startEnvironment({ directory });
    assert.deepEqual(processIds(), before);
  });

  it("listens on loopback only", () => {
    const ports = readProcesses(environment.layout).flatMap((record) => Object.values(record.ports));
    const listening = readFileSync("/proc/net/tcp", "utf8") + readFileSync("/proc/net/tcp6", "utf8");
    const addresses = listening
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === "0A")
      .map(([, local = ""]) => local.split(":"))
      .filter(([, port = ""]) => ports.includes(parseInt(port, 16)))
      .map(([address]) => address);
    assert.equal(addresses.length, ports.length);
    const loopback = ["0100007F", "0000000000000000FFFF00000100007F"];
    assert.deepEqual(
      addresses.filter((address) => !loopback.includes(address ?? "")),
      [],
    );
  });

  describe("Kubernetes", () => {
    async function ask(path: string): Promise<number> {
      const { kubeconfig } = environment.connections.kubernetes;
      const [server] = /https:\S+/.exec(readFileSync(kubeconfig, "utf8")) ?? [];
      assert(server);
      const script = `fetch(process.argv[1]).then((r) => console.log(r.status))`;
      const ca = `${environment.layout.pki}/ca.crt`;
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca };
      return Number(await run(process.execPath, ["-e", script, `${server}${path}`], { env }));
    }

    it("tells strangers whether it is well, and nothing else", async () => {
      assert.equal(await ask("/readyz"), 200);
      assert.equal(await ask("/api/v1/namespaces"), 401);
      assert.equal(await ask("/version"), 401);
    });

    it("runs what is deployed: pods over three zones, volumes, Jobs, LoadBalancers", async () => {
      apply({ apiVersion: "v1", kind: "List", items: workloads() });
      await kubectl("rollout", "status", "statefulset/stateful", "--timeout=60s");
      await kubectl("wait", "job/job", "--for=condition=Complete", "--timeout=60s");
      await kubectl(
        "wait",
        "service/entry",
        "--for=jsonpath={.status.loadBalancer.ingress}",
        "--timeout=60s",
      );
      const claims = await kubectl("get", "pvc", "-o", "jsonpath={.items[*].status.phase}");
      assert.equal(claims, "Bound Bound Bound");
      const nodes = await kubectl(
        "get",
        "pods",
        "-l",
        "app=stateful",
        "-o",
        "jsonpath={.items[*].spec.nodeName}",
      );
      assert.equal(new Set(nodes.split(" ").map((node) => node.slice(0, -1))).size, 3);
    });

    it("removes a volume with its claim", async () => {
      await kubectl("delete", "statefulset/stateful", "--timeout=60s");
      await kubectl("delete", "pvc", "--all", "--timeout=60s");
      assert(await until(async () => (await kubectl("get", "pv", "-o", "name")) === "", 30_000));
    });

    it("admits only restricted pods to a restricted namespace", () => {
      const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
      apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "strict", labels } });
      const pod = { containers: [{ name: "main", image: "example:1" }] };
      assert.throws(() => {
        apply({ apiVersion: "v1", kind: "Pod", metadata: { name: "lax", namespace: "strict" }, spec: pod });
      }, /violates PodSecurity "restricted/);
    });

    it("gives a pod back what an outage took: it is ready again", async () => {
      const containers = [{ name: "main", image: "example:1" }];
      apply({ apiVersion: "v1", kind: "Pod", metadata: { name: "survivor" }, spec: { containers } });
      const ready = ["wait", "pod/survivor", "--for=condition=Ready", "--timeout=60s"];
      await kubectl(...ready);
      // What the node controller does to the pods of a node that was silent for too long.
      const lost = { status: { conditions: [{ type: "Ready", status: "False", reason: "NodeNotReady" }] } };
      await kubectl("patch", "pod/survivor", "--subresource=status", "--patch", JSON.stringify(lost));
      await kubectl(...ready);
    });

    it("is repaired after etcd was killed, with what it held", async () => {
      await kubectl("create", "configmap", "kept");
      await kill("etcd");
      await startEnvironment({ directory });
      assert.equal(await kubectl("get", "configmap/kept", "-o", "name"), "configmap/kept\n");
    });
  });

  describe("Kafka", () => {
    it("refuses a wrong password", async () => {
      const sasl: SASLOptions = { mechanism: "SCRAM-SHA-512", username: "admin", password: "wrong" };
      await assert.rejects(withAdmin((admin) => admin.listTopics(), sasl));
    });

    it("refuses a client that does not log in", async () => {
      await assert.rejects(
        withAdmin((admin) => admin.listTopics(), { mechanism: "PLAIN", username: "admin", password: "" }),
      );
      const anonymous = new Admin({ ...client(), sasl: undefined });
      await assert.rejects(anonymous.listTopics());
      await anonymous.close();
    });

    it("refuses the controller's port to who has no certificate", async () => {
      const port = readProcess(environment.layout, "kafka")?.ports["controller"];
      const socket = connect({ host: "127.0.0.1", port, ca: environment.connections.kafka.caCertificate });
      await assert.rejects(
        new Promise((resolve, reject) => {
          socket.once("error", reject).once("data", resolve).once("close", resolve);
        }),
        /certificate required|bad certificate/,
      );
    });

    it("makes no topic that nobody asked for", async () => {
      const producer = new Producer({ ...client(), autocreateTopics: true });
      await assert.rejects(
        producer.send({
          messages: [{ topic: "never-made", key: Buffer.from("k"), value: Buffer.from("v") }],
        }),
      );
      await producer.close();
      assert.deepEqual(await topicsOf(environment.connections.kafka), []);
    });

    it("lets a user do nothing without an ACL", async () => {
      const password = "secret-of-the-stranger";
      const scram = `SCRAM-SHA-512=[password=${password}]`;
      const config = [
        "--alter",
        "--entity-type",
        "users",
        "--entity-name",
        "stranger",
        "--add-config",
        scram,
      ];
      await run("kafka-configs", config, { env: environment.variables });
      const sasl: SASLOptions = { mechanism: "SCRAM-SHA-512", username: "stranger", password };
      await assert.rejects(
        withAdmin((admin) => admin.createTopics({ topics: ["mine"], partitions: 1, replicas: 1 }), sasl),
      );
      assert.deepEqual(await withAdmin((admin) => admin.listTopics(), sasl), []);
    });

    it("is repaired after it was killed, with what it held", async () => {
      await withAdmin((admin) => admin.createTopics({ topics: ["kept"], partitions: 3, replicas: 1 }));
      await kill("kafka");
      await startEnvironment({ directory });
      const described = await run("kafka-topics", ["--describe", "--topic", "kept"], {
        env: environment.variables,
      });
      assert.match(described, /PartitionCount: 3/);
    });
  });

  describe("when it is stopped and started", () => {
    it("leaves no process, and can be stopped twice", async () => {
      const records = readProcesses(environment.layout);
      assert.deepEqual([...(await stopEnvironment({ directory }))].sort(), [...processNames].sort());
      assert.deepEqual(records.filter(isAlive), []);
      assert.deepEqual(await stopEnvironment({ directory }), []);
    });

    it("comes back as it was left", async () => {
      const before = environment.connections;
      environment = await startEnvironment({ directory });
      assert.deepEqual(environment.connections, before);
      assert.deepEqual(await topicsOf(environment.connections.kafka), ["kept"]);
      assert.equal(await kubectl("get", "configmap/kept", "-o", "name"), "configmap/kept\n");
    });
  });
});

function workloads(): readonly object[] {
  const containers = [{ name: "main", image: "example:1" }];
  const labels = { app: "stateful" };
  const spread = {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "DoNotSchedule",
  };
  const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  return [
    {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "stateful", namespace: "default" },
      spec: {
        replicas: 3,
        serviceName: "stateful",
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers,
            topologySpreadConstraints: [{ ...spread, labelSelector: { matchLabels: labels } }],
          },
        },
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim }],
      },
    },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "job", namespace: "default" },
      spec: { template: { spec: { restartPolicy: "Never", containers } } },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "entry", namespace: "default" },
      spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 80 }] },
    },
  ];
}
