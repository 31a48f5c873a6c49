import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { MadeTopics } from "../../../components/data/kafka/made-topics";

type Hooks = pulumi.ResourceHookBinding;

describe("topics that were made before", () => {
  let number = 0;

  it("are found when they are made again, as after somebody has deleted them", async () => {
    const made = await afterUpdate({
      created: ["orders", "parcels"],
      recorded: ["orders", "parcels", "prices"],
    });
    assert.match(
      made ?? "",
      /^Topics orders, parcels: this stack has made them before, .* their messages are gone: .* made empty, type `pulumi up --refresh --replace '\*\*::record\d+'`/,
    );
  });

  it("are those of the former record where it changes", async () => {
    const change = { created: ["new", "orders"], before: ["orders"], recorded: ["new", "orders"] };
    assert.match((await afterUpdate(change)) ?? "", /^Topics orders: /);
  });

  it("are none that an update makes for the first time, or whose loss somebody accepts", async () => {
    assert.equal(
      await afterUpdate({ created: ["new"], before: ["orders"], recorded: ["new", "orders"] }),
      undefined,
    );
    assert.equal(await afterUpdate({ created: ["new"], recorded: ["orders"] }), undefined);
    assert.equal(await afterUpdate({ created: ["orders"], isNew: true, recorded: ["orders"] }), undefined);
    assert.equal(await afterUpdate({ created: [], recorded: ["orders"] }), undefined);
  });

  interface Update {
    readonly created: readonly string[];
    /** What the record said, if it changes. */
    readonly before?: readonly string[];
    /** Whether the record is made, or replaced. */
    readonly isNew?: boolean;
    readonly recorded: readonly string[];
  }

  /** Calls the hooks as an engine does. */
  async function afterUpdate({
    created,
    before,
    isNew = false,
    recorded,
  }: Update): Promise<string | undefined> {
    number += 1;
    const made = new MadeTopics(`record${number}`);
    for (const name of created) await call(made.topicHooks, "beforeCreate", { newInputs: { name } });
    if (isNew) await call(made.recordHooks, "beforeCreate", { newInputs: { input: recorded } });
    if (before !== undefined)
      await call(made.recordHooks, "beforeUpdate", {
        oldInputs: { input: before },
        newInputs: { input: recorded },
      });
    return made.finding(recorded);
  }
});

async function call(
  hooks: Hooks,
  kind: "beforeCreate" | "beforeUpdate",
  inputs: Pick<pulumi.ResourceHookArgs, "oldInputs" | "newInputs">,
): Promise<void> {
  for (const hook of hooks[kind] ?? []) {
    const callback = typeof hook === "function" ? hook : hook.callback;
    await callback({ urn: "urn", id: "id", name: "name", type: "type", ...inputs });
  }
}
