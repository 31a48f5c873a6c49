import assert from "node:assert/strict";
import { deletedTopics, describeLoss } from "../../local/stack/deleted-topics";

const topic = (
  name: string,
  retainOnDelete?: boolean,
): Record<string, unknown> & { urn: string; type: string } => ({
  urn: `urn:pulumi:dev::algorun::kafka:index/topic:Topic::${name}`,
  type: "kafka:index/topic:Topic",
  inputs: { name, partitions: 1 },
  ...(retainOnDelete !== undefined && { retainOnDelete }),
});

describe("topics that were deleted in Kafka", () => {
  it("are those of the state that Kafka does not have, with whether their messages were to be kept", () => {
    const user = {
      urn: "urn",
      type: "kafka:index/userScramCredential:UserScramCredential",
      inputs: { name: "x" },
    };
    const resources = [topic("c", true), topic("b"), topic("a"), user];
    const found = deletedTopics({ deployment: { resources } }, ["b", "other"]);
    assert.deepEqual(
      found.map(({ name, isRetained }) => [name, isRetained]),
      [
        ["a", false],
        ["c", true],
      ],
    );
    assert.deepEqual(deletedTopics({ deployment: {} }, ["b"]), []);
  });

  it("are named with what is lost, and both ways on", () => {
    assert.match(
      describeLoss(["a", "b"], "kind"),
      /^Topics a, b: stack kind has made them, .* messages are gone\. Nothing was changed\. To restore them, .* `pulumi up --stack kind --refresh --replace/,
    );
  });
});
