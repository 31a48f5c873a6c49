import assert from "node:assert/strict";
import * as fc from "fast-check";
import { boundedVolumes, retainedVolumes } from "../../policies/data-protection";
import { separateRoutes } from "../../policies/route-overlaps";
import { boundedRoutes, encryptedEdge, narrowCors } from "../../policies/routing";
import { itJudges, itJudgesStacks } from "./cases";
import { withField, type Data } from "./fixtures";
import { judgeStack, unknownUntilUpdate, type Given } from "./harness";
import { object, workload } from "./objects";

const claim = { metadata: { name: "data" }, spec: { resources: { requests: { storage: "10Gi" } } } };
const database = workload("shop/sql", { kind: "StatefulSet", spec: { volumeClaimTemplates: [claim] } });
const retention = ["spec", "persistentVolumeClaimRetentionPolicy"];
const storage = ["spec", "volumeClaimTemplates", 0, "spec"];

itJudges(retainedVolumes, database, [
  {
    what: "volumes that go with their pods",
    path: retention,
    value: { whenDeleted: "Delete", whenScaled: "Retain" },
    found: ["whenDeleted"],
  },
  {
    what: "volumes that go when there are fewer pods",
    path: retention,
    value: { whenScaled: "Delete" },
    found: ["whenScaled"],
  },
  {
    what: "a StatefulSet without volumes",
    path: ["spec"],
    value: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } },
  },
]);

itJudges(boundedVolumes, database, [
  {
    what: "a claim of no size",
    path: [...storage, "resources"],
    value: undefined,
    found: ["asks for nothing"],
  },
  {
    what: "a zero too many",
    path: [...storage, "resources", "requests", "storage"],
    value: "100Ti",
    found: ['"100Ti", and 2Ti'],
  },
  { what: "no class", path: [...storage, "storageClassName"], value: undefined },
  {
    what: "no class where the setting asks for one",
    path: [...storage, "storageClassName"],
    value: undefined,
    config: { requireStorageClass: true },
    found: ["to the cluster"],
  },
]);

const mappingType = "getambassador.io/v3alpha1:Mapping";
function mapping(name: string, spec: Readonly<Record<string, Data>>): Given {
  return object(mappingType, name, { spec: { hostname: "*", service: "endpoint", ...spec } });
}
const route = mapping("shop/orders", { prefix: "/orders/", timeout_ms: 30_000 });

itJudges(boundedRoutes, route, [
  { what: "a route without a host", path: ["spec", "hostname"], value: undefined, found: ["names no host"] },
  { what: "a request without end", path: ["spec", "timeout_ms"], value: 0, found: ["for ever (timeout_ms)"] },
  { what: "a request of an hour", path: ["spec", "timeout_ms"], value: 3_600_000, found: ["3600000 ms"] },
  {
    what: "a stream that ends when it is idle",
    path: ["spec"],
    value: { hostname: "*", prefix: "/s/", timeout_ms: 0, idle_timeout_ms: 300_000 },
  },
  {
    what: "a stream that may be idle for ever",
    path: ["spec", "idle_timeout_ms"],
    value: 0,
    found: ["for ever (idle_timeout_ms)"],
  },
  { what: "more than all requests", path: ["spec", "weight"], value: 120, found: ["120 percent"] },
]);

itJudges(narrowCors, route, [
  { what: "every origin without credentials", path: ["spec", "cors"], value: { origins: ["*"] } },
  {
    what: "one origin with credentials",
    path: ["spec", "cors"],
    value: { origins: ["https://a.example"], credentials: true },
  },
  {
    what: "every origin with credentials",
    path: ["spec", "cors"],
    value: { origins: "https://a.example, *", credentials: true },
    found: ["every origin (*)"],
  },
]);

const host = object("getambassador.io/v3alpha1:Host", "algorun/ambassador", {
  spec: { hostname: "*", tlsSecret: { name: "edge" }, requestPolicy: { insecure: { action: "Redirect" } } },
});
itJudges(encryptedEdge, host, [
  { what: "a host without TLS", path: ["spec", "tlsSecret"], value: undefined, found: ["without TLS"] },
  {
    what: "requests without TLS",
    path: ["spec", "requestPolicy", "insecure", "action"],
    value: "Route",
    found: ['"Route"'],
  },
  { what: "Emissary's own default, which redirects", path: ["spec", "requestPolicy"], value: undefined },
]);
itJudges(
  encryptedEdge,
  object("networking.k8s.io/v1:Ingress", "shop/web", { spec: { tls: [{ secretName: "edge" }] } }),
  [{ what: "an Ingress without TLS", path: ["spec", "tls"], value: undefined, found: ["without TLS"] }],
);

const canary = mapping("shop/canary", { prefix: "/orders/", weight: 10 });
itJudgesStacks(
  separateRoutes,
  [route, canary, mapping("till/pay", { prefix: "/pay/" })],
  [
    {
      what: "two for the same requests",
      stack: [route, mapping("till/orders", { prefix: "/orders/" })],
      found: ["same requests as Mapping shop/orders"],
    },
    {
      what: "the same path at two hosts",
      stack: [route, withField(route, ["spec", "hostname"], "b.example")],
    },
    {
      what: "the same path with a header",
      stack: [route, mapping("till/x", { prefix: "/orders/", headers: { "x-model": "next" } })],
    },
    { what: "a shadow", stack: [route, mapping("shop/shadow", { prefix: "/orders/", shadow: true })] },
    {
      what: "weights above 100",
      stack: [route, canary, mapping("shop/next", { prefix: "/orders/", weight: 95 })],
      found: ["take 105 percent"],
    },
    {
      what: "a path inside that of another deployment",
      stack: [route, mapping("till/in", { prefix: "/orders/late/" })],
      found: ['"/orders/late/" away from Mapping shop/orders'],
    },
    {
      what: "a path inside that of the same deployment",
      stack: [route, mapping("shop/in", { prefix: "/orders/late/" })],
    },
    { what: "a path beside the fallback", stack: [mapping("web/all", { prefix: "/" }), route] },
    {
      what: "paths that are not known yet",
      stack: [route, withField(route, ["spec", "prefix"], unknownUntilUpdate)],
    },
  ],
);

describe("policy separate-routes", () => {
  it("finds exactly the pairs that take each other's requests, whatever their order", () => {
    const segment = fc.constantFrom("a", "b", "ab");
    const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}/`);
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 8 }), (paths) => {
        const routes = paths.map((prefix, index) => mapping(`owner-${index}/route`, { prefix }));
        const found = judgeStack(separateRoutes, routes);
        const names = new Set(found.map(({ where }) => where));
        const expected = new Set(
          paths.flatMap((prefix, index) =>
            paths.some((other, position) => (other === prefix ? position < index : prefix.startsWith(other)))
              ? [`Mapping owner-${index}/route, spec.prefix`]
              : [],
          ),
        );
        assert.deepEqual(names, expected);
      }),
    );
  });
});
