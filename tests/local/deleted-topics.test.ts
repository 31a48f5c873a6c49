import assert from "node:assert/strict";
import { deletedTopics, describeLoss } from "../../local/stack/deleted-topics";
import type { StateResource } from "../../local/stack/stack-state";

const topic = (
  name: string,
  retainOnDelete?: boolean,
): Record<string, unknown> & { urn: string; type: string } => ({
  urn: `urn:pulumi:dev::algorun::kafka:index/topic:Topic::${name}`,
  type: "kafka:index/topic:Topic",
  parent: "urn:orders",
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
    const record = (name: string, parent: string): StateResource => ({
      urn: `urn:pulumi:dev::algorun::pulumi:index:Stash::${name}-topics-made`,
      type: "pulumi:index:Stash",
      parent,
    });
    const records = [record("refunds", "urn:refunds"), record("orders", "urn:orders")];
    const resources = [topic("c", true), topic("b"), topic("a"), user, ...records];
    const found = deletedTopics({ deployment: { resources } }, ["b", "other"]);
    assert.deepEqual(
      found.map(({ name, isRetained, record: by }) => [name, isRetained, by]),
      [
        ["a", false, "orders-topics-made"],
        ["c", true, "orders-topics-made"],
      ],
    );
    assert.deepEqual(deletedTopics({ deployment: {} }, ["b"]), []);
  });

  it("are named with what is lost, and both ways on", () => {
    const lost = [
      { name: "a", record: "orders-topics-made" },
      { name: "b", record: "orders-topics-made" },
      { name: "c", record: "refunds-topics-made" },
    ];
    assert.match(
      describeLoss(lost, "kind"),
      /^Topics a, b, c: stack kind has made them, .* messages are gone\. Nothing was changed\. To restore them, .* `pulumi up --stack kind --refresh --replace '\*\*::orders-topics-made' --replace '\*\*::refunds-topics-made'`\.$/,
    );
  });
});
