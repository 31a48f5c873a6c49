import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { podObjects } from "../../../local/pods/kubernetes-objects";
import { planPods } from "../../../local/pods/plan-pods";
import { PodRun, type PodEvent } from "../../../local/pods/pod-run";
import { logPath, readProcess, readProcesses } from "../../../local/process/managed-process";
import { identify, isAlive } from "../../../local/process/process-identity";
import { until } from "../../../local/process/until";
import { TemporaryLayout } from "../temporary-layout";

const limit = 30_000;

/** A container that runs a script of the shell, or of Node. */
function container(name: string, script: string, more: object = {}): object {
  return { name, image: "test/node:1", args: ["-e", script], ...more };
}

const server =
  "require('http').createServer((_, r) => r.end('well')).listen(8080, process.env.LISTEN_ADDRESS)";
const forever = "setInterval(() => undefined, 1000)";
const write = (file: string, text: string): string =>
  `require('fs').appendFileSync('${file}', ${JSON.stringify(text)});`;

describe("a pod that runs as processes", function () {
  this.timeout(60_000);
  const temporary = new TemporaryLayout();
  const { layout } = temporary;
  // A path that stands in scripts has no spaces and quotes.
  const root = mkdtempSync(join(tmpdir(), "algorun-pods-"));
  const running: PodRun[] = [];

  function pod(spec: object, kind = "StatefulSet", onEvent?: (event: PodEvent) => void): PodRun {
    const objects = podObjects([
      {
        kind,
        metadata: { name: "it", namespace: "here" },
        spec: { template: { spec }, volumeClaimTemplates: [{ metadata: { name: "kept" } }] },
      },
      {
        kind: "ConfigMap",
        metadata: { name: "config", namespace: "here" },
        data: { "a.txt": "in /data, kept in /kept" },
      },
      {
        kind: "Secret",
        metadata: { name: "secret", namespace: "here" },
        stringData: { word: "hidden", other: "x" },
      },
    ]);
    const [planned] = planPods(objects, {
      root,
      network: "127.77.5",
      programs: { "test/node": { entrypoint: [process.execPath] } },
      addresses: {},
    });
    assert.ok(planned);
    const run = new PodRun({ layout, pod: planned, ...(onEvent && { onEvent }) });
    running.push(run);
    return run;
  }

  const volumes = [
    { name: "config", configMap: { name: "config" } },
    { name: "secret", secret: { secretName: "secret", items: [{ key: "word", path: "renamed" }] } },
    { name: "data", emptyDir: {} },
  ];
  const mounts = {
    volumeMounts: [
      { name: "config", mountPath: "/config" },
      { name: "secret", mountPath: "/secret" },
      { name: "data", mountPath: "/data" },
      { name: "kept", mountPath: "/kept" },
    ],
  };

  afterEach(async () => {
    for (const run of running.splice(0)) await run.stop();
    assert.deepEqual(readProcesses(layout), []);
  });

  after(async () => {
    await temporary.remove();
    rmSync(root, { recursive: true });
  });

  it("runs its init containers in order and to their end, then the others, and is ready when all are", async () => {
    const run = pod({
      initContainers: [
        container("first", write("/data/order", "first "), mounts),
        container("side", `${write("/data/order", "side ")}${server}`, {
          ...mounts,
          restartPolicy: "Always",
          startupProbe: { tcpSocket: { port: 8080 } },
        }),
        container("second", `setTimeout(() => {${write("/data/order", "second ")}}, 300)`, mounts),
      ],
      containers: [
        container("main", `${write("/data/order", "main")};${server.replace("8080", "8081")}`, {
          ...mounts,
          ports: [{ name: "web", containerPort: 8081 }],
          readinessProbe: { httpGet: { path: "/", port: "web" } },
        }),
      ],
      volumes,
    });
    await run.start(limit);
    assert.equal(
      readFileSync(join(root, "here", "it-0", "volumes", "data", "order"), "utf8"),
      "first side second main",
    );
    const answer = await fetch(`http://${run.pod.address}:8081/`);
    assert.equal(await answer.text(), "well");
    await assert.rejects(fetch("http://127.0.0.1:8081/"), "it listens on the pod's address alone");
  });

  it("finds ConfigMaps, items of Secrets and folders, private to this user", async () => {
    const show = `for (const f of ["/config/a.txt", "/secret/renamed"]) console.log(require("fs").readFileSync(f, "utf8")); ${forever}`;
    const run = pod({ containers: [container("main", show, mounts)], volumes });
    await run.start(limit);
    const log = logPath(layout, "pod.here.it-0.main");
    assert.ok(await until(() => readFileSync(log, "utf8").includes("hidden"), limit));
    const said = readFileSync(log, "utf8");
    assert.ok(
      said.includes(
        `in ${join(root, "here", "it-0", "volumes", "data")}, kept in ${join(root, "here", "claims", "kept-it-0")}`,
      ),
      said,
    );
    const secret = join(root, "here", "it-0", "main", "secret", "renamed");
    assert.equal(statSync(secret).mode & 0o777, 0o600);
    assert.equal(existsSync(join(root, "here", "it-0", "main", "secret", "other")), false);
  });

  it("keeps its claims over restarts, and nothing else", async () => {
    const both = `${write("/kept/file", "x")}${write("/data/file", "x")}${forever}`;
    for (const expected of ["x", "xx"]) {
      const run = pod({ containers: [container("main", both, mounts)], volumes });
      await run.start(limit);
      const data = join(root, "here", "it-0", "volumes", "data", "file");
      assert.ok(await until(() => existsSync(data), limit));
      assert.equal(readFileSync(join(root, "here", "claims", "kept-it-0", "file"), "utf8"), expected);
      assert.equal(readFileSync(data, "utf8"), "x");
      await run.stop();
    }
  });

  it("says when a container has ended, and how long it waits before the next start", async () => {
    const events: PodEvent[] = [];
    const run = pod({ containers: [container("main", "process.exit(3)")] }, "StatefulSet", (event) =>
      events.push(event),
    );
    await assert
      .rejects(run.start(2000), /Pod here\/it-0: container main .*The end of its log/s)
      .catch(() => undefined);
    assert.ok(await until(() => events.length > 0, limit));
    assert.deepEqual(events, [{ pod: "it-0", container: "main", delay: 10_000 }]);
  });

  it("is an error with the end of the log when a container does not get ready", async () => {
    const script = `console.error("no such queue"); ${forever}`;
    const probe = { readinessProbe: { tcpSocket: { port: 9 } } };
    const run = pod({ containers: [container("main", script, probe)] });
    await assert.rejects(run.start(1500), /Pod here\/it-0: container main[^]*no such queue/);
  });

  it("of a Job does its work once, and is an error when it fails", async () => {
    const done = pod(
      {
        restartPolicy: "OnFailure",
        containers: [container("main", write("/kept/job", "done"), mounts)],
        volumes,
      },
      "Job",
    );
    await done.start(limit);
    assert.equal(readFileSync(join(root, "here", "claims", "kept-it", "job"), "utf8"), "done");
    const failing = pod(
      {
        restartPolicy: "OnFailure",
        containers: [container("main", 'console.error("no bucket"); process.exit(1)')],
      },
      "Job",
    );
    await assert.rejects(failing.start(1500), /has not done its work, and has ended once[^]*no bucket/);
  });

  it("takes with it what its containers have started", async () => {
    const child = `const c = require("child_process").spawn("sleep", ["1000"]); require("fs").writeFileSync("/kept/child", String(c.pid)); ${forever}`;
    const run = pod({ containers: [container("main", child, mounts)], volumes });
    await run.start(limit);
    const file = join(root, "here", "claims", "kept-it-0", "child");
    assert.ok(await until(() => existsSync(file) && readFileSync(file, "utf8") !== "", limit));
    const identity = identify(Number(readFileSync(file, "utf8")));
    assert.ok(identity);
    const record = readProcess(layout, "pod.here.it-0.main");
    assert.ok(record);
    await run.stop();
    assert.equal(isAlive(record), false);
    assert.ok(await until(() => !isAlive(identity), limit));
  });
});
