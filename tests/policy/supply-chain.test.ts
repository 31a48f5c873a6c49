import assert from "node:assert/strict";
import * as fc from "fast-check";
import { pinnedImages } from "../../policies/supply-chain";
import { digest, goodDeployment, podSpec, runner, withField } from "./fixtures";
import { judge } from "./harness";

const imagePath = "Deployment algorun-local-test/runner, spec.template.spec.containers[0].image";

function violationsOf(image: string, config: Readonly<Record<string, unknown>> = {}): string[] {
  const given = withField(goodDeployment, [...runner, "image"], image);
  return judge(pinnedImages, given, { config }).map(({ found }) => found);
}

describe("policy pinned-images", () => {
  it("accepts a Deployment whose images are all pinned", () => {
    assert.deepEqual(judge(pinnedImages, goodDeployment), []);
  });

  const pinned = [
    "algo:1.4.2",
    "algo:v1",
    `algo@${digest}`,
    `algo:latest@${digest}`,
    `registry.example:5000/team/algo@${digest}`,
    "registry.example:5000/team/algo:2026-08-31",
    "localhost:5000/algo:1",
    "docker.io/tiangolo/nginx-rtmp:latest-2026-08-31",
    "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z",
    "docker.io/envoyproxy/ratelimit:8fe6ea42",
  ];
  for (const image of pinned) {
    it(`accepts ${image}`, () => {
      assert.deepEqual(violationsOf(image), []);
    });
  }

  const moving: readonly (readonly [image: string, found: string])[] = [
    ["algo", 'container "runner" runs "algo" without a tag, which means latest'],
    [
      "registry.example:5000/algo",
      'container "runner" runs "registry.example:5000/algo" without a tag, which means latest',
    ],
    [
      "algo:latest",
      'container "runner" runs "algo:latest", and the tag latest moves from release to release',
    ],
    [
      "algo:Stable",
      'container "runner" runs "algo:Stable", and the tag Stable moves from release to release',
    ],
    ["a/b:main", 'container "runner" runs "a/b:main", and the tag main moves from release to release'],
    ["", 'container "runner" has "", which is no image reference'],
    ["algo:1.0 ", 'container "runner" has "algo:1.0 ", which is no image reference'],
    ["algo@sha256:abc", 'container "runner" has "algo@sha256:abc", which is no image reference'],
  ];
  for (const [image, found] of moving) {
    it(`refuses ${image === "" ? "an empty image" : image}`, () => {
      assert.deepEqual(violationsOf(image), [found]);
    });
  }

  it("refuses a container without an image", () => {
    const given = withField(goodDeployment, [...runner, "image"], undefined);
    assert.deepEqual(
      judge(pinnedImages, given).map(({ found }) => found),
      ['container "runner" has nothing, which is no image reference'],
    );
  });

  it("says where the image stands, what to write and which document to edit", () => {
    const given = withField(goodDeployment, [...runner, "image"], "algohub/algo-test-go:latest");
    assert.deepEqual(judge(pinnedImages, given), [
      {
        policy: "pinned-images",
        where: imagePath,
        found:
          'container "runner" runs "algohub/algo-test-go:latest", and the tag latest moves from release to release',
        fix: "write the version that it stands for now, such as algohub/algo-test-go:1.4.2",
        edit: "PipelineDeployment local.test, algo tests.text:1.0[1]",
      },
    ]);
  });

  it("looks at init containers, ephemeral containers and image volumes", () => {
    const broken = [
      { path: [...podSpec, "initContainers", 0, "image"], value: "copy:latest" },
      { path: [...podSpec, "ephemeralContainers"], value: [{ name: "debug", image: "busybox" }] },
      { path: [...podSpec, "volumes", 3, "image", "reference"], value: "algohub/model:latest" },
    ].reduce((given, { path, value }) => withField(given, path, value), goodDeployment);
    assert.deepEqual(
      judge(pinnedImages, broken).map(({ where }) => where.replace(/^.*spec\.template\./, "")),
      [
        "spec.initContainers[0].image",
        "spec.ephemeralContainers[0].image",
        "spec.volumes[3].image.reference",
      ],
    );
  });

  it("takes the list of moving tags from its configuration", () => {
    assert.deepEqual(violationsOf("algo:latest", { movingTags: ["blue"] }), []);
    assert.equal(violationsOf("algo:blue", { movingTags: ["blue"] }).length, 1);
  });

  it("asks for a digest when its configuration says so", () => {
    const config = { requireDigest: true };
    assert.deepEqual(
      judge(pinnedImages, goodDeployment, { config }).map(({ found }) => found),
      [
        'init container "copy" runs "ghcr.io/algorun/runner:1.4.2" without a digest',
        'container "runner" runs "ghcr.io/algorun/runner:1.4.2" without a digest',
        'image volume "model" runs "algohub/model:7.0" without a digest',
      ],
    );
  });

  it("refuses a configuration key that it does not have", () => {
    assert.throws(() => violationsOf("algo:1", { movingTag: [] }), {
      message:
        /policy pinned-images can't be used.*movingTag.*Its keys are: movingTags, requireDigest, exceptions\./,
    });
  });

  const repository = fc.stringMatching(/^[a-z]{1,8}(\.example(:[1-9]\d{1,3})?)?(\/[a-z\d]{1,8}){1,3}$/);

  it("accepts any repository with a version, and with a digest", () => {
    const version = fc.stringMatching(/^v?\d{1,3}\.\d{1,3}(\.\d{1,3})?(-[a-z\d]{1,5})?$/);
    const anyDigest = fc.stringMatching(/^sha256:[a-f\d]{64}$/);
    fc.assert(
      fc.property(repository, version, anyDigest, (name, tag, hash) => {
        assert.deepEqual(violationsOf(`${name}:${tag}`), []);
        assert.deepEqual(violationsOf(`${name}@${hash}`), []);
        assert.deepEqual(violationsOf(`${name}:${tag}@${hash}`), []);
      }),
    );
  });

  it("refuses any repository without a tag, once", () => {
    fc.assert(
      fc.property(repository, (name) => {
        assert.equal(violationsOf(name).length, 1);
      }),
    );
  });
});
