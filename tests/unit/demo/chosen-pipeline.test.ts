import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chosenPipeline } from "../../../demo/chosen-pipeline";
import { UserError } from "../../../local/user-error";

const example = "pipelines/examples/webhook-notification.yaml";

describe("the pipeline that the demo is asked for", () => {
  const folder = mkdtempSync(join(tmpdir(), "algorun-demo-"));

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const refusal = (typed: string): string => {
    try {
      chosenPipeline(typed, []);
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
    throw new Error("it was taken");
  };

  it("is named, and its algos are looked for where documents are", () => {
    assert.deepEqual(chosenPipeline("acme.orders", ["documents"]), {
      id: "acme.orders",
      documents: ["documents"],
    });
  });

  it("is the one of a file, whose algos count as well", () => {
    assert.deepEqual(chosenPipeline(example, ["documents"]), {
      id: "till.payment-notices",
      documents: [example, "documents"],
    });
  });

  it("is not that of a file that is not there", () => {
    assert.match(
      refusal("orders.yaml"),
      /^PIPELINE: found no file orders\.yaml, expected a file, or owner\.name/,
    );
  });

  it("is not that of a file with errors, which `make validate` lists", () => {
    const file = join(folder, "wrong.yaml");
    writeFileSync(file, "apiVersion: algo.run/v1beta1\nkind: PipelineDeployment\nspec: {}\n");
    assert.equal(
      refusal(file),
      `PIPELINE: ${file} has errors: \`make validate DOCUMENTS=${file}\` lists them`,
    );
  });

  it("is not that of a file with several, or with none", () => {
    assert.match(refusal("pipelines/examples/model-canary.yaml"), /found \S+, \S+ in .*, expected one/);
    assert.match(refusal("pipelines/documents/orders/algos.yaml"), /found no pipeline in .*, expected one/);
  });
});
