import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStackFile, siblingStacks, stackNamesIn } from "../../stack-files";
import { StackFolder } from "../harness/stack-folder";

describe("stacks whose files lie beside each other", () => {
  let folder: StackFolder;

  before(() => {
    folder = new StackFolder({
      staging: { exclude: ["acme.*", "harbor.*"] },
      orders: { platformStack: "staging", include: ["acme.orders-*"] },
      refunds: {
        platformStack: "organization/algorun/staging",
        include: ["acme.*"],
        exclude: ["acme.orders-*"],
      },
      elsewhere: { platformStack: "prod" },
      whole: {},
    });
    writeFileSync(join(folder.path, "Pulumi.broken.yaml"), "config: { algorun:include: 3 }\n");
    writeFileSync(join(folder.path, "Pulumi.torn.yaml"), "config: {\n");
    writeFileSync(join(folder.path, "Pulumi.empty.yaml"), "");
    writeFileSync(join(folder.path, "Pulumi.yaml"), "name: algorun\n");
  });

  after(() => {
    folder.remove();
  });

  it("are known by their names", () => {
    assert.deepEqual(stackNamesIn(folder.path), [
      "broken",
      "elsewhere",
      "empty",
      "orders",
      "refunds",
      "staging",
      "torn",
      "whole",
    ]);
  });

  it("say which pipelines they make; with nothing said, all", () => {
    assert.deepEqual(readStackFile(folder.path, "orders"), {
      platformStack: "staging",
      include: ["acme.orders-*"],
      exclude: [],
      documents: ["pipelines/documents"],
    });
    const all = { platformStack: "", include: ["*"], exclude: [], documents: ["pipelines/documents"] };
    assert.deepEqual(readStackFile(folder.path, "empty"), all);
    assert.equal(readStackFile(folder.path, "broken"), undefined);
    assert.equal(readStackFile(folder.path, "torn"), undefined);
    assert.equal(readStackFile(folder.path, "none"), undefined);
  });

  it("share a platform when they name the same one", () => {
    assert.deepEqual(siblingsOf("orders", "staging"), ["refunds"]);
    assert.deepEqual(siblingsOf("refunds", "organization/algorun/staging"), ["orders"]);
    assert.deepEqual(siblingsOf("staging", "staging"), ["orders", "refunds"]);
    assert.deepEqual(siblingsOf("whole", "whole"), []);
  });

  function siblingsOf(stack: string, platform: string): readonly string[] {
    return siblingStacks(folder.path, platform, stack).map((sibling) => sibling.stack);
  }
});
