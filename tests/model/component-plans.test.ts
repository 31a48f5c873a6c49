import assert from "node:assert/strict";
import type { AlgoComponentPlan } from "../../pipelines/model/plan/plan";
import { algoOf, broken, endpointOf, hookOf, planOf, soundText, withAlgoField } from "./documents-under-test";

describe("the plan of a component", () => {
  it("moves the endpoint's ports with its listen addresses", () => {
    const plan = planOf(broken("    paths:\n", '    server: { http: { listen: ":9000" } }\n    paths:\n'));
    assert.deepEqual(endpointOf(plan).ports, { http: 9000, grpc: 18282, metrics: 28080 });
    assert.equal(plan.routes[0]?.target.port, 9000);
    assert.deepEqual(endpointOf(plan).network.ingress[0], { from: "gateway", port: 9000 });
  });

  it("claims a volume for the write-ahead log unless it is in memory", () => {
    const wal = (fields: string): unknown =>
      endpointOf(planOf(broken("    paths:\n", `    producer: { wal: ${fields} }\n    paths:\n`)))
        .writeAheadLog;
    assert.deepEqual(endpointOf(planOf(soundText)).writeAheadLog, {
      path: "/var/lib/algorun/wal",
      size: "1Gi",
    });
    assert.deepEqual(wal("{ size: 5Gi, path: /data/log }"), { path: "/data/log", size: "5Gi" });
    assert.deepEqual(wal("{ size: 5Gi, storageClass: fast }"), {
      path: "/var/lib/algorun/wal",
      size: "5Gi",
      storageClass: "fast",
    });
    assert.deepEqual(wal("{ in_memory: true }"), { path: "/var/lib/algorun/wal", memory: "64Mi" });
  });

  it("is the same for the nested and the older flat form of an HTTP input", () => {
    const delivery = "      inputDeliveryType: Http\n";
    const flat = broken(
      delivery,
      `${delivery}      httpVerb: PUT\n      httpPort: 9090\n      httpPath: /text\n`,
    );
    const nested = broken(delivery, `${delivery}      http: { verb: PUT, port: 9090, path: /text }\n`);
    assert.deepEqual(algoOf(planOf(flat)), algoOf(planOf(nested)));
    assert.deepEqual(algoOf(planOf(flat)).inputs[0]?.http, {
      verb: "PUT",
      port: 9090,
      path: "/text",
      headers: {},
    });
  });

  it("puts the deployment's parameters over the algo's, in sort order", () => {
    const parameters =
      "  parameters:\n    - { name: b, value: 1, sortOrder: 2 }\n    - { name: a, value: 2, sortOrder: 1 }\n";
    const text = broken("  inputs:\n", `${parameters}  inputs:\n`);
    const over = text.replace(
      "      index: 1\n",
      "      index: 1\n      parameters:\n        - { name: b, value: three }\n        - { name: c }\n",
    );
    assert.deepEqual(algoOf(planOf(over)).parameters, [
      { name: "c", flag: "--c", required: false, sortOrder: 0 },
      { name: "a", flag: "--a", value: "2", required: false, sortOrder: 1 },
      { name: "b", flag: "--b", value: "three", required: false, sortOrder: 2 },
    ]);
  });

  const executors: readonly (readonly [
    executor: string,
    input: string,
    output: string,
    want: Pick<AlgoComponentPlan, "runner" | "command" | "args" | "entrypoint">,
  ])[] = [
    [
      "Executable",
      "StdIn",
      "StdOut",
      { runner: "copied", command: undefined, args: undefined, entrypoint: ["/opt/upper", "--port", "8080"] },
    ],
    [
      "http",
      "Http",
      "HttpResponse",
      { runner: "sidecar", command: ["/opt/upper"], args: ["--port", "8080"], entrypoint: [] },
    ],
    [
      "grpc",
      "Grpc",
      "HttpResponse",
      { runner: "sidecar", command: ["/opt/upper"], args: ["--port", "8080"], entrypoint: [] },
    ],
    [
      "Delegated",
      "KafkaTopic",
      "KafkaTopic",
      { runner: "none", command: ["/opt/upper"], args: ["--port", "8080", "--locale", "en"], entrypoint: [] },
    ],
  ];
  for (const [executor, input, output, want] of executors) {
    it(`runs an algo with executor ${executor} as it must be run`, () => {
      const text = soundText
        .replace("executor: http", `executor: ${executor}`)
        .replace("inputDeliveryType: Http", `inputDeliveryType: ${input}`)
        .replace("outputDeliveryType: HttpResponse", `outputDeliveryType: ${output}`)
        .replace("      index: 1\n", "      index: 1\n      parameters: [{ name: locale, value: en }]\n");
      const { runner, command, args, entrypoint, runnerConfig, metricsPort } = algoOf(planOf(text));
      assert.deepEqual({ runner, command, args, entrypoint }, want);
      assert.equal(runnerConfig === undefined, runner === "none");
      assert.equal(metricsPort, runner === "none" ? undefined : 10080);
    });
  }

  it("starts the image's command with the entrypoint as its arguments", () => {
    const text = broken('tag: "1.0.0" }', 'tag: "1.0.0", command: [/sbin/init, --] }');
    const { command, args } = algoOf(planOf(text));
    assert.deepEqual(
      [command, args],
      [
        ["/sbin/init", "--"],
        ["/opt/upper", "--port", "8080"],
      ],
    );
  });

  it("keeps quoted words of an entrypoint together", () => {
    const text = broken(
      "entrypoint: /opt/upper --port 8080",
      `entrypoint: /opt/upper --name 'two words' --empty ""`,
    );
    assert.deepEqual(algoOf(planOf(text)).args, ["--name", "two words", "--empty", ""]);
  });

  it("takes the headers of a webhook line by line, and keeps them sorted", () => {
    const text = broken(
      "        webHookUrl",
      "        httpHeaders: |\n          X-Team: text\n          Authorization: Bearer a:b\n        webHookUrl",
    );
    assert.deepEqual(hookOf(planOf(text)).webhooks, [
      {
        name: "upper-15c4d4c3",
        input: "upper",
        topics: ["algorun.acme.shout.upper-case.1.upper"],
        url: "https://hooks.acme.example/upper",
        verb: "POST",
        headers: { Authorization: "Bearer a:b", "X-Team": "text" },
        secretHeaders: {},
      },
    ]);
  });

  it("takes the event hook's autoscaling from the event hook", () => {
    const text = broken(
      "    webHooks:\n",
      "    autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 4 }\n    webHooks:\n",
    );
    assert.deepEqual(hookOf(planOf(text)).autoscaling, {
      minReplicas: 2,
      maxReplicas: 4,
      metrics: [
        { source: "Resource", resource: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
      ],
    });
    assert.equal(endpointOf(planOf(text)).autoscaling, undefined);
    assert.equal(planOf(text).topics.find(({ name }) => name.endsWith(".upper"))?.partitions, 8);
  });

  it("gives the algo its probes and resources in Kubernetes' form", () => {
    const plan = algoOf(
      planOf(
        withAlgoField(
          "livenessProbe: { httpGet: { path: /up, port: { isInt32: true, int32Value: 8080 } } }\n      resources: { limits: { memory: 1Gi, cpu: 2 } }",
        ),
      ),
    );
    assert.deepEqual(plan.livenessProbe, { httpGet: { path: "/up", port: 8080 } });
    const stated = { cpu: "2", memory: "1Gi" };
    // What the document leaves out is completed: a request by its limit, the rest by the default.
    const complete = { ...stated, "ephemeral-storage": "256Mi" };
    assert.deepEqual(plan.resources, { limits: complete, requests: complete });
  });
});
