import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { serviceImages } from "../../../components/service-images";
import { version } from "../../../package.json";
import { serviceNames } from "../../../services/build";
import { ffmpegArguments } from "../../../services/media-ingest/segmenter";
import { formatOf } from "../../../services/media-ingest/media-stream";
import { packagesIn } from "../../../services/third-party-notices";

/** An instruction, with what stands on its continued lines. */
interface Instruction {
  readonly name: string;
  readonly words: readonly string[];
  /** The stage that it is in; undefined before the first. */
  readonly stage: string | undefined;
}

function readDockerfile(): readonly Instruction[] {
  const text = readFileSync("services/Dockerfile", "utf8")
    .replace(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ");
  let stage: string | undefined;
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [name = "", ...words] = line.trim().split(/\s+/);
      if (name === "FROM") stage = words.at(-1);
      return { name, words, stage };
    });
}

const instructions = readDockerfile();

function of(name: string, stage?: string): readonly (readonly string[])[] {
  return instructions
    .filter((each) => each.name === name && (stage === undefined || each.stage === stage))
    .map(({ words }) => words);
}

/** Sources of files that come from the repository, not from another stage. */
const copied = of("COPY").flatMap((words) =>
  words[0]?.startsWith("--from") === true ? [] : words.slice(0, -1),
);

describe("images of the services", () => {
  it("start from bases that nobody can change", () => {
    const bases = instructions.filter(({ stage, name }) => stage === undefined && name === "ARG");
    assert.equal(bases.length, 2);
    for (const { words } of bases)
      assert.match(words.join(), /^[A-Z]+_IMAGE=\S+:[\w.-]+@sha256:[a-f0-9]{64}$/);
    const known = [...of("FROM").map((words) => words.at(-1)), ...["${NODE_IMAGE}", "${RUNTIME_IMAGE}"]];
    for (const words of of("FROM")) assert.ok(known.includes(words.at(-3)), words.join(" "));
  });

  it("are there for each service that can be started, under the name and the version that stacks ask for", () => {
    const made = serviceNames.map((name) => `ghcr.io/algorun/${name}:${version}`);
    assert.deepEqual(Object.values(serviceImages).sort(), made);
    for (const name of serviceNames) {
      assert.deepEqual(of("FROM", name), [["service", "AS", name]]);
      assert.match(of("ENTRYPOINT", name).flat().join(" "), new RegExp(`"/app/${name}\\.cjs"\\]$`));
    }
  });

  it("run as a user without rights, and hold no shell command of their own", () => {
    assert.deepEqual(of("USER"), [["10001:10001"]]);
    for (const stage of ["service", ...serviceNames]) assert.deepEqual(of("RUN", stage), [], stage);
  });

  it("are built with all packages that package-lock.json needs", () => {
    const lock = readFileSync("package-lock.json", "utf8");
    const workspaces = [...lock.matchAll(/^ {4}"(services\/[\w-]+)": \{/gm)].map(([, folder]) => folder);
    assert.ok(workspaces.length >= 5);
    for (const folder of workspaces) assert.ok(copied.includes(`${folder}/package.json`), folder);
  });

  it("are built from files that .dockerignore lets in", () => {
    const allowed = readFileSync(".dockerignore", "utf8").match(/(?<=^!).*$/gm) ?? [];
    for (const file of copied) {
      assert.ok(existsSync(file), file);
      assert.ok(
        allowed.some((entry) => file === entry || file.startsWith(`${entry}/`)),
        file,
      );
    }
  });

  it("have an ffmpeg with all that media streams are cut with", () => {
    const built = of("RUN", "ffmpeg").flat();
    const enabled = (part: string): readonly string[] =>
      built.flatMap((word) => new RegExp(`^--enable-${part}=(.*)$`).exec(word)?.[1]?.split(",") ?? []);
    for (const contentType of ["video/mp4", "video/mp2t"]) {
      const args = ffmpegArguments({ folder: "/pieces", format: formatOf({ contentType }), pieceSeconds: 4 });
      const after = (flag: string): readonly string[] =>
        args.flatMap((word, index) => (args[index - 1] === flag ? word.split(",") : []));
      const [demuxer = "", muxer = ""] = after("-f");
      assert.ok(enabled("demuxer").includes(demuxer), demuxer);
      for (const name of [muxer, ...after("-segment_format")])
        assert.ok(enabled("muxer").includes(name), name);
      for (const name of after("-protocol_whitelist")) assert.ok(enabled("protocol").includes(name), name);
    }
  });
});

describe("notices of what is in a program", () => {
  it("know each package once, by the innermost folder", () => {
    const inputs = [
      "services/runner/main.ts",
      "node_modules/zod/index.js",
      "node_modules/zod/v4/core.js",
      "node_modules/@grpc/proto-loader/node_modules/long/index.js",
      "services/common/node_modules/@aws-sdk/core/dist/index.js",
    ];
    assert.deepEqual(packagesIn(inputs), [
      "node_modules/zod",
      "node_modules/@grpc/proto-loader/node_modules/long",
      "services/common/node_modules/@aws-sdk/core",
    ]);
  });
});
