import assert from "node:assert/strict";
import fc from "fast-check";
import { filesObject, generatedValues, type FilesObject } from "../../local/stack/generated-places";

const mark = "GENERATED-61-END";
const marks = new Map([["password", mark]]);

function secret(name: string, files: Readonly<Record<string, string>>): FilesObject {
  return { kind: "Secret", namespace: "shop", name, files };
}

describe("generated values in what was made of them", () => {
  it("are found wherever a line has them, whatever stands around", () => {
    const value = fc.stringMatching(/^[\w-]{1,40}$/);
    const around = fc
      .string()
      .filter((text) => !/[\n\r\u2028\u2029]/.test(text) && !text.includes("GENERATED"));
    fc.assert(
      fc.property(value, around, around, around, (generated, before, after, other) => {
        // What could belong to the value itself would leave open where it ends.
        const line = (text: string): string => `${other}\n${before} ${text} ${after}\n${other}`;
        const found = generatedValues(
          [secret("login", { file: line(mark) })],
          [secret("login", { file: line(generated) })],
          marks,
        );
        assert.deepEqual([...found], [["password", generated]]);
      }),
    );
  });

  it("are left out where objects disagree, where none has them, and where the text has changed", () => {
    const rendered = [secret("a", { key: mark }), secret("b", { key: `password=${mark}` })];
    const valuesOf = (...present: readonly FilesObject[]): readonly string[] => [
      ...generatedValues(rendered, present, marks).values(),
    ];
    assert.deepEqual(valuesOf(secret("a", { key: "x" }), secret("b", { key: "password=x" })), ["x"]);
    assert.deepEqual(valuesOf(secret("a", { key: "x" }), secret("b", { key: "password=y" })), []);
    assert.deepEqual(valuesOf(secret("c", { key: "x" })), []);
    assert.deepEqual(valuesOf(secret("b", { key: "secret=x" })), []);
  });

  it("are read from Secrets as the API server has them, and as the program states them", () => {
    const metadata = { name: "login", namespace: "shop" };
    const data = { key: Buffer.from("x").toString("base64") };
    assert.deepEqual(filesObject({ kind: "Secret", metadata, data }), secret("login", { key: "x" }));
    assert.deepEqual(
      filesObject({ kind: "Secret", metadata, stringData: { key: "x" } }),
      secret("login", { key: "x" }),
    );
    assert.equal(filesObject({ kind: "Service", metadata }), undefined);
  });
});
