import assert from "node:assert/strict";
import { decodeHeaders, encodeHeaders, failedHeaders } from "@algorun/common";
import fc from "fast-check";

const place = fc.record({
  topic: fc.string(),
  partition: fc.nat(),
  offset: fc.bigInt({ min: 0n, max: 2n ** 62n }),
});
const failure = fc.record({
  errorClass: fc.constantFrom("Status", "TimeOut"),
  errorMessage: fc.string({ maxLength: 3_000 }),
  errorComponent: fc.string(),
  errorStatus: fc.option(fc.nat(599), { nil: undefined }),
});

function textsOf(others: readonly (readonly [string, Buffer])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(others.map(([name, value]) => [name, value.toString()]));
}

describe("Headers of a message that failed", () => {
  it("say why it failed last and where it was first, each once, however often it failed", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(place, failure), { minLength: 1, maxLength: 5 }), (failures) => {
        const tenant = ["x-tenant", Buffer.from("acme")] as const;
        let headers = decodeHeaders([...encodeHeaders({ traceID: "t", others: [tenant] })]);
        for (const [at, why] of failures)
          headers = decodeHeaders([...encodeHeaders(failedHeaders(at, headers, why))]);
        const [first, last] = [failures[0]?.[0], failures.at(-1)?.[1]];
        assert.ok(first && last);
        const { errorStatus, ...told } = last;
        assert.deepEqual(textsOf(headers.others), {
          "x-tenant": "acme",
          originalTopic: first.topic,
          originalPartition: String(first.partition),
          originalOffset: String(first.offset),
          ...told,
          errorMessage: Buffer.from(last.errorMessage.slice(0, 1_000)).toString(),
          ...(errorStatus === undefined ? {} : { errorStatus: String(errorStatus) }),
        });
        assert.equal(headers.others.length, Object.keys(textsOf(headers.others)).length);
        assert.equal(headers.traceID, "t");
      }),
    );
  });
});
