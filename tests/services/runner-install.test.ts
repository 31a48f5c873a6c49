import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadAll } from "js-yaml";
import { z } from "zod";
import { bundleOf } from "./pod-process";

const podSchema = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(z.object({ command: z.array(z.string()).optional() })),
        initContainers: z.array(z.object({ args: z.array(z.string()).optional() })).optional(),
      }),
    }),
  }),
});

/** Pods that have the runner copied in, as they are rendered. */
const pods = loadAll(readFileSync("tests/golden/examples/lumen-image-tagging.yaml", "utf8"))
  .flatMap((document) => podSchema.safeParse(document).data?.spec.template.spec ?? [])
  .filter(({ initContainers = [] }) => initContainers.some(({ args }) => args?.[0] === "install"));
/** What is started in the algo's container. */
const start = pods[0]?.containers[0]?.command ?? [];
/** Where the init container puts it. */
const programFolder = pods[0]?.initContainers?.[0]?.args?.[1] ?? "";

/** A program that needs no library, as an image of one program has; without Debian's, one that Go makes. */
function staticProgram(folder: string): string {
  const target = join(folder, "algo");
  if (
    existsSync("/bin/busybox") &&
    /not a dynamic executable|statically linked/.test(linkage("/bin/busybox"))
  ) {
    copyFileSync("/bin/busybox", target);
    return target;
  }
  const source = join(folder, "algo.go");
  writeFileSync(source, 'package main\nimport "fmt"\nfunc main() { fmt.Println("algo") }\n');
  execFileSync("go", ["build", "-o", target, source], { env: { ...process.env, CGO_ENABLED: "0" } });
  return target;
}

function linkage(file: string): string {
  const { stdout, stderr } = spawnSync("ldd", [file], { encoding: "utf8" });
  return `${stdout}${stderr}`;
}

describe("a runner that is copied into an algo's container", function () {
  this.timeout(120_000);
  const root = mkdtempSync(join(tmpdir(), "runner-install-"));
  const programs = join(root, programFolder);

  before(async () => {
    const bundle = await bundleOf("runner");
    mkdirSync(dirname(programs), { recursive: true });
    execFileSync(process.execPath, [bundle, "install", programs]);
    staticProgram(root);
  });

  after(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** As root by itself; else as root of a user namespace, which needs no right. */
  const inside = (...command: readonly string[]): ReturnType<typeof spawnSync> => {
    const isRoot = process.getuid?.() === 0;
    const words = [...(isRoot ? [] : ["unshare", "--user", "--map-root-user"]), "chroot", root, ...command];
    return spawnSync(words[0] ?? "", words.slice(1), {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] },
    });
  };

  it("is what rendered pods start", () => {
    assert.ok(pods.length > 0);
    for (const { containers } of pods) assert.deepEqual(containers[0]?.command, start);
    for (const file of start.filter((word) => word.startsWith("/")))
      assert.ok(existsSync(join(root, file)), file);
  });

  it("starts where there is nothing else: no shell, no C library", () => {
    assert.ok(!existsSync(join(root, "lib")) && !existsSync(join(root, "bin")));
    const { status, stderr } = inside(...start);
    assert.equal(String(stderr).trim(), "no configuration: expected --config=FILE");
    assert.equal(status, 2);
  });

  it("fits into its volume", () => {
    const size = ["ld.so", "node", "runner.cjs"].reduce(
      (sum, file) => sum + statSync(join(programs, file)).size,
      0,
    );
    assert.ok(size < 256 * 2 ** 20);
  });

  it("starts the algo's own program, which gets none of the runner's libraries", () => {
    const script = `
      const { spawnSync } = require("node:child_process");
      const { stdout, error } = spawnSync("/algo", ["true"], { env: {} });
      if (error) throw error;
      process.stdout.write("started");`;
    const { stdout } = inside(...start.slice(0, -1), "-e", script);
    assert.equal(stdout, "started");
  });

  it("says how it is used", () => {
    const { status, stderr } = inside(...start, "install");
    assert.equal(status, 2);
    assert.match(String(stderr), /install FOLDER/);
  });
});
