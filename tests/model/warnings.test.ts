import assert from "node:assert/strict";
import { broken, planOf, problemsOf, withAlgoField } from "./documents-under-test";

describe("warnings", () => {
  const warnings: readonly (readonly [what: string, text: string, want: string])[] = [
    [
      "brokers other than the platform's",
      broken("  deploymentOwner: acme\n", "  deploymentOwner: acme\n  kafkaBrokers: elsewhere:9092\n"),
      'warning shout.yaml:29 spec.kafkaBrokers: "elsewhere:9092" is not used, since the platform\'s brokers (kafka:9092) are; remove it',
    ],
    [
      "an image that is not pinned",
      broken('ghcr.io/acme/upper-case, tag: "1.0.0"', "ghcr.io/acme/upper-case, tag: latest"),
      "warning shout.yaml:13 spec.versions[0].image.tag: the image ghcr.io/acme/upper-case:latest is not pinned, so that its pods may differ; give it the tag of a version",
    ],
    [
      "replicas that can't all work",
      withAlgoField("replicas: 3").replace(
        "      - name: texts\n",
        "      - name: texts\n        topic: { outputName: texts, partitions: 2 }\n",
      ),
      "warning shout.yaml:36 spec.endpoint.paths[0].topic.partitions: up to 3 replicas read the path texts of the endpoint, but only 2 can work at a time; set autoPartition: true or partitions: 3",
    ],
    [
      "a bucket that nothing needs",
      broken("  deploymentOwner: acme\n", "  deploymentOwner: acme\n  storageBucket: shouts\n"),
      "warning shout.yaml:29 spec.storageBucket: no message is carried by reference: the bucket is not made; remove it, or set messageDataType: FileReference on a path",
    ],
  ];
  for (const [what, text, want] of warnings) {
    it(`warns of ${what}`, () => {
      assert.deepEqual(problemsOf(text), [want]);
      assert.deepEqual(planOf(text).warnings, [want.replace("warning ", "")]);
    });
  }

  it("says nothing of brokers that are the platform's", () => {
    assert.deepEqual(
      problemsOf(
        broken("  deploymentOwner: acme\n", "  deploymentOwner: acme\n  kafkaBrokers: kafka:9092\n"),
      ),
      [],
    );
  });
});
