import assert from "node:assert/strict";
import type { PipelinePlan, RoutePlan } from "../../pipelines/model/plan/plan";
import {
  broken,
  describeFaults,
  planOf,
  platform,
  problemsOf,
  withEndpointField,
} from "./documents-under-test";

const at = "error shout.yaml:34 spec.endpoint";

/** Makes the only path of an endpoint's document another type. */
function typed(text: string, endpointType: string): string {
  return text.replace(
    "      - name: texts\n",
    `      - name: texts\n        endpointType: ${endpointType}\n`,
  );
}

function http(plan: PipelinePlan): RoutePlan {
  const route = plan.routes.find(({ protocol }) => protocol === "http");
  assert.ok(route);
  return route;
}

describeFaults("routing", [
  [
    "a path of its own that has no slash at the end",
    withEndpointField("routing: { prefix: /shout }"),
    [`${at}.routing.prefix: found "/shout", expected a path that begins and ends with '/', such as /orders/`],
  ],
  [
    "an attempt longer than all of them",
    withEndpointField("routing: { timeoutSeconds: 10, retries: { perTryTimeoutSeconds: 20 } }"),
    [
      `${at}.routing.retries.perTryTimeoutSeconds: found 20, expected at most timeoutSeconds, which is 10: it is the time of all attempts`,
    ],
  ],
  [
    "credentials for every origin",
    withEndpointField('routing: { cors: { origins: ["*"], credentials: true } }'),
    [
      `${at}.routing.cors.credentials: found credentials: true beside the origin "*", which browsers refuse; name the origins`,
    ],
  ],
  [
    "a ring with nothing to choose by",
    withEndpointField("routing: { loadBalancing: { policy: ring_hash } }"),
    [
      `${at}.routing.loadBalancing: found none, expected exactly one of header, cookie and sourceAddress, by which ring_hash chooses the pod`,
    ],
  ],
  [
    "a ring with two things to choose by",
    withEndpointField("routing: { loadBalancing: { policy: maglev, header: x-user, sourceAddress: true } }"),
    [
      `${at}.routing.loadBalancing: found header and sourceAddress, expected exactly one of header, cookie and sourceAddress, by which maglev chooses the pod`,
    ],
  ],
  [
    "a header that chooses nothing",
    withEndpointField("routing: { loadBalancing: { policy: least_request, header: x-user } }"),
    [
      `${at}.routing.loadBalancing.header: has no effect with policy least_request, expected ring_hash or maglev`,
    ],
  ],
  [
    "a host name twice",
    withEndpointField("routing: { hostnames: [shout.acme.example, shout.acme.example] }"),
    [`${at}.routing.hostnames[1]: a second host name "shout.acme.example", expected each name once`],
  ],
  [
    "what only HTTP has, for gRPC",
    typed(
      withEndpointField("routing: { prefix: /shout/, cors: { origins: [https://acme.example] } }"),
      "gRPC",
    ),
    [
      `${at}.routing.cors: has no effect, since no path has endpointType HTTP; remove it`,
      `${at}.routing.prefix: has no effect, since no path has endpointType HTTP; remove it`,
    ],
  ],
  [
    "routes to a media stream",
    typed(
      withEndpointField(
        "routing: { timeoutSeconds: 10 }\n    rateLimits: [{ by: apiKey, requests: 1, unit: day }]",
      ),
      "RTMP\n        messageDataType: FileReference",
    ),
    [
      `${at}.routing: has no effect, since no path has endpointType HTTP or gRPC; remove it`,
      `error shout.yaml:35 spec.endpoint.rateLimits: has no effect, since no path has endpointType HTTP or gRPC; remove it`,
    ],
  ],
  [
    "a limit by no header",
    withEndpointField("rateLimits: [{ by: header, requests: 1, unit: day }]"),
    [`${at}.rateLimits[0].header: is missing, expected the name of the request header to count by`],
  ],
  [
    "a header that nothing counts by",
    withEndpointField("rateLimits: [{ by: remoteAddress, header: x-tenant, requests: 1, unit: day }]"),
    [`${at}.rateLimits[0].header: has no effect with by: remoteAddress; remove it`],
  ],
  [
    "two limits that count the same",
    withEndpointField(
      "rateLimits: [{ by: apiKey, requests: 1, unit: day }, { by: header, header: X-API-Key, requests: 1, unit: hour }]",
    ),
    [`${at}.rateLimits[1]: counts the same as rateLimits[0]; remove one`],
  ],
]);

describe("routing", () => {
  it("gives a deployment host names of its own, where gRPC callers need no header", () => {
    const both = broken(
      "  endpoint:\n    paths:\n",
      "  endpoint:\n    routing: { hostnames: [b.acme.example, a.acme.example] }\n    paths:\n      - { name: calls, endpointType: gRPC }\n",
    );
    assert.deepEqual(
      planOf(both).routes.map(({ name, hostname, headers }) => [name, hostname, headers]),
      [
        ["grpc-a-acme-example-e08cfb48", "a.acme.example", {}],
        ["grpc-b-acme-example-4100e285", "b.acme.example", {}],
        ["http-a-acme-example-e08cfb48", "a.acme.example", {}],
        ["http-b-acme-example-4100e285", "b.acme.example", {}],
      ],
    );
  });

  it("replaces the prefix, and tells the gateway the path that it expects", () => {
    const { prefix, rewrite } = http(planOf(withEndpointField("routing: { prefix: /loud/ }")));
    assert.deepEqual([prefix, rewrite], ["/loud/", "/acme/shout/"]);
  });

  it("never ends a request for its silence before its time is over", () => {
    const idle = (routing: string): unknown =>
      http(planOf(withEndpointField(`routing: ${routing}`))).traffic.idleTimeoutMs;
    assert.equal(idle("{ timeoutSeconds: 900 }"), 900_000);
    assert.equal(idle("{ timeoutSeconds: 60 }"), undefined);
    assert.equal(idle("{ timeoutSeconds: 900, idleTimeoutSeconds: 0.5 }"), 500);
  });

  it("sends a failed request again only where the endpoint has not seen it, unless told otherwise", () => {
    const { retries } = http(planOf(withEndpointField("routing: { retries: {} }"))).traffic;
    assert.deepEqual(retries, { retryOn: "connect-failure", attempts: 1 });
  });

  it("refuses a host name that the edge does not answer for, and says what would", () => {
    const text = withEndpointField("routing: { hostnames: [shout.acme.example] }");
    const problems = (hostname: string): readonly string[] =>
      problemsOf(text, { ...platform, edge: { hostname } });
    assert.deepEqual(problems("run.acme.example"), [
      `${at}.routing.hostnames[0]: found "shout.acme.example", but the edge answers only for "run.acme.example"; choose a name that it covers, or widen algorun:ambassador.hostname, e.g. to *.acme.example`,
    ]);
    for (const covering of ["*", "*.acme.example", "shout.*", "shout.acme.example"]) {
      assert.deepEqual(problems(covering), [], covering);
    }
  });

  it("counts requests by address, by any header, and by API key, in a stable order", () => {
    const limits =
      "[{ by: header, header: X-Tenant, requests: 9, unit: hour }, { by: apiKey, requests: 5, unit: day }, { by: remoteAddress, requests: 7, unit: second }]";
    assert.deepEqual(planOf(withEndpointField(`rateLimits: ${limits}`)).rateLimits, [
      { by: { kind: "header", name: "x-api-key" }, requests: 5, unit: "day" },
      { by: { kind: "header", name: "x-tenant" }, requests: 9, unit: "hour" },
      { by: { kind: "remoteAddress" }, requests: 7, unit: "second" },
    ]);
  });
});
