import assert from "node:assert/strict";
import { images } from "../../components/images";
import { freshImages, trustedRegistries } from "../../policies/image-sources";
import { fullRepository } from "../../policies/rule/image-reference";
import { itJudges } from "./cases";
import { digest, goodDeployment, podSpec, runner } from "./fixtures";
import { unknownUntilUpdate } from "./harness";

const image = [...runner, "image"];
const pullPolicy = [...runner, "imagePullPolicy"];

itJudges(trustedRegistries, goodDeployment, [
  { what: "an image of Docker Hub", path: image, value: "nginx:1.30.4" },
  { what: "one that is not known yet", path: image, value: unknownUntilUpdate },
  {
    what: "an image of another registry",
    path: image,
    value: "registry.evil.example/runner:1.4.2",
    found: [
      'runs "registry.evil.example/runner:1.4.2", which is not from docker.io, ghcr.io, quay.io, registry.k8s.io',
    ],
  },
  { what: "a look-alike", path: image, value: "ghcr.io.evil.example/a:1", found: ["is not from"] },
  {
    what: "an image volume of another registry",
    path: [...podSpec, "volumes", 3, "image", "reference"],
    value: "registry.evil.example/model:7.0",
    found: ['image volume "model"'],
  },
  {
    what: "what a narrower list does not name",
    path: image,
    value: "ghcr.io/algorunner/x:1",
    config: { registries: ["ghcr.io/algorun", "docker.io/algohub"] },
    found: ["ghcr.io/algorunner/x:1"],
  },
]);

itJudges(freshImages, goodDeployment, [
  {
    what: "a digest that is kept",
    path: [...podSpec, "containers", 1, "imagePullPolicy"],
    value: "IfNotPresent",
  },
  {
    what: "a tag that is kept",
    path: pullPolicy,
    value: "IfNotPresent",
    found: ['imagePullPolicy "IfNotPresent"'],
  },
  {
    what: "a tag without a word on pulling",
    path: pullPolicy,
    value: undefined,
    found: ["imagePullPolicy nothing"],
  },
  {
    what: "that an image is never pulled",
    path: [...podSpec, "containers", 1, "imagePullPolicy"],
    value: "Never",
    found: [`algohub/algo@${digest}`],
  },
]);

describe("the default of trusted-registries", () => {
  it("are the registries of the platform's own images", () => {
    const registries = Object.values(images).map(
      ({ repository }) => fullRepository(repository).split("/")[0],
    );
    assert.deepEqual(
      [...new Set(registries)].sort(),
      trustedRegistries.configSchema.properties["registries"]?.default,
    );
  });
});
