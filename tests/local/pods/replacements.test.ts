import assert from "node:assert/strict";
import fc from "fast-check";
import { replacer } from "../../../local/pods/replacements";

const segment = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
/** What may stand around a path in arguments, variables, scripts and JSON. */
const before = fc.constantFrom("", "=", '"', "'", " ", "(", ":", "\n", ",", ">", "--config=");
const after = fc.constantFrom("", '"', "'", " ", ")", ":", "\n", ",", ";", "/", ". ");

describe("paths in the texts of a pod", () => {
  it("are replaced wherever they stand for themselves, the longest that fits first", () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1 }), before, after, (mounts, left, right) => {
        const folders = Object.fromEntries(mounts.map((mount, index) => [mount, `<${index}>`]));
        const replace = replacer(folders);
        for (const mount of mounts) {
          assert.equal(replace(`${left}${mount}${right}`), `${left}${folders[mount] ?? ""}${right}`);
        }
      }),
    );
  });

  it("are left alone inside of longer words", () => {
    const inside = fc.constantFrom("fs", "-old", ".bak", "_1", "9");
    const outside = fc.constantFrom("http://host", "/var", "$HOME", "${folder}", "~", "..", "host:80");
    fc.assert(
      fc.property(path, inside, outside, (mount, suffix, prefix) => {
        const replace = replacer({ [mount]: "<folder>" });
        for (const text of [mount + suffix, prefix + mount]) assert.equal(replace(text), text);
      }),
    );
  });

  it("are replaced once: what was put in may look like another of them", () => {
    fc.assert(
      fc.property(path, path, (first, second) => {
        fc.pre(first !== second && !second.startsWith(`${first}/`));
        const replace = replacer({ [first]: `${second}${first}`, [second]: "<second>" });
        assert.equal(replace(first), `${second}${first}`);
      }),
    );
  });

  it("keep all of a text that has none of them", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.equal(replacer({ "/never/in/a/text": "<folder>" })(text), text);
        assert.equal(replacer({})(text), text);
      }),
    );
  });
});

describe("addresses in the texts of a pod", () => {
  const replace = replacer({
    "kafka-broker.algorun.svc:9092": "127.0.0.1:29092",
    "object-storage.algorun.svc:9000": "127.64.1.2:9000",
  });

  it("are replaced in lists and URLs", () => {
    assert.equal(replace("kafka-broker.algorun.svc:9092,other:1"), "127.0.0.1:29092,other:1");
    assert.equal(
      replace('"http://user:word@object-storage.algorun.svc:9000/x"'),
      '"http://user:word@127.64.1.2:9000/x"',
    );
  });

  it("are left alone where they are another's", () => {
    for (const text of ["my-kafka-broker.algorun.svc:9092", "kafka-broker.algorun.svc:90920"])
      assert.equal(replace(text), text);
  });
});
