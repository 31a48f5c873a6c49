import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import { serviceNames } from "../../../services/build";

const folder = ".github/workflows";

const job = z.object({
  permissions: z.record(z.string(), z.string()),
  strategy: z.object({ matrix: z.object({ service: z.array(z.string()) }) }).optional(),
  steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })).default([]),
});
const workflow = z.object({ permissions: z.object({}).strict(), jobs: z.record(z.string(), job) });

const jobs = readdirSync(folder).flatMap((file) =>
  Object.entries(workflow.parse(load(readFileSync(join(folder, file), "utf8"))).jobs).map(
    ([name, content]) => ({
      name: `${file} ${name}`,
      ...content,
    }),
  ),
);

describe("workflows", () => {
  it("run what nobody can change: actions of others by commit", () => {
    const used = jobs.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    assert.ok(used.length > 10);
    for (const action of used) assert.match(action, /^[\w-]+\/[\w-]+@[a-f0-9]{40}$/);
  });

  it("may write nowhere but where images are pushed", () => {
    const writers = jobs.flatMap(({ name, permissions }) =>
      Object.entries(permissions).flatMap(([right, level]) =>
        level === "write" ? [`${name}: ${right}`] : [],
      ),
    );
    assert.deepEqual(writers, ["release.yml images: packages", "release.yml images: id-token"]);
  });

  it("build an image of each service", () => {
    const built = jobs.flatMap(({ strategy }) => (strategy ? [strategy.matrix.service.toSorted()] : []));
    assert.deepEqual(built, [serviceNames, serviceNames]);
  });

  it("test what make test tests", () => {
    assert.ok(jobs.some(({ steps }) => steps.some(({ run }) => run === "make test")));
  });
});
