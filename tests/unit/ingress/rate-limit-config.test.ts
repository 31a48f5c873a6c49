import assert from "node:assert/strict";
import { load } from "js-yaml";
import { renderRateLimitConfig } from "../../../components/ingress/rate-limit-config";

describe("the configuration of rate limits", () => {
  const platform = { requests: 600, unit: "minute" } as const;
  const everybody = {
    key: "remote_address",
    rate_limit: { unit: "minute", requests_per_unit: 600 },
  };

  it("is the platform's limit by address for deployments that have none of their own", () => {
    const config = renderRateLimitConfig(platform, { "acme.quiet": [] });
    assert.deepEqual(load(config), {
      domain: "ambassador",
      descriptors: [{ key: "generic_key", descriptors: [everybody] }],
    });
  });

  it("keeps the platform's limit beside one by header, and replaces it by one by address", () => {
    const config = renderRateLimitConfig(platform, {
      "acme.shop": [{ by: { kind: "remoteAddress" }, requests: 5, unit: "second" }],
      "acme.api": [{ by: { kind: "header", name: "x-api-key" }, requests: 9, unit: "day" }],
    });
    assert.deepEqual(load(config), {
      domain: "ambassador",
      descriptors: [
        { key: "generic_key", descriptors: [everybody] },
        {
          key: "generic_key",
          value: "acme.api",
          descriptors: [
            everybody,
            { key: "header:x-api-key", rate_limit: { unit: "day", requests_per_unit: 9 } },
          ],
        },
        {
          key: "generic_key",
          value: "acme.shop",
          descriptors: [{ key: "remote_address", rate_limit: { unit: "second", requests_per_unit: 5 } }],
        },
      ],
    });
  });

  it("is the same whatever the order of deployments", () => {
    const a = [{ by: { kind: "remoteAddress" }, requests: 1, unit: "day" }] as const;
    const b = [{ by: { kind: "remoteAddress" }, requests: 2, unit: "day" }] as const;
    assert.equal(renderRateLimitConfig(platform, { a, b }), renderRateLimitConfig(platform, { b, a }));
  });
});
