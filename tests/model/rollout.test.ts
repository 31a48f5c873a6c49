import assert from "node:assert/strict";
import type { PipelinePlan, RoutePlan } from "../../pipelines/model/plan/plan";
import { endpointOf } from "./documents-under-test";
import { faultsOf, plansOf, type DeploymentUnderTest } from "./rollouts-under-test";

/** A deployment that rolls out, beside others that don't. */
function rolling(rollout: string, ...others: readonly DeploymentUnderTest[]): readonly DeploymentUnderTest[] {
  return [{ name: "old", endpoint: `rollout: ${rollout}` }, ...others];
}

const next: DeploymentUnderTest = { name: "new", version: "2" };

function routeOf(plan: PipelinePlan | undefined, name: string): RoutePlan {
  const route = plan?.routes.find((each) => each.name === name);
  assert.ok(route, plan?.routes.map((each) => each.name).join(" "));
  return route;
}

function canaryWeight(canary: string): unknown {
  const { role } = routeOf(plansOf(rolling(`{ canary: [${canary}] }`, next))["old"], "http-canary-acme-new");
  return role.kind === "canary" ? role.weight : undefined;
}

describe("a rollout", () => {
  it("is a route of the old deployment that leads to the gateway of the new one, under its own path", () => {
    const { old } = plansOf(
      rolling("{ canary: [{ deployment: acme.new, weight: 10 }] }", {
        ...next,
        namespace: "blue",
        endpoint: "server: { http: { listen: ':9000' } }",
      }),
    );
    const own = routeOf(old, "http");
    assert.deepEqual(routeOf(old, "http-canary-acme-new"), {
      ...own,
      name: "http-canary-acme-new",
      rewrite: "/acme/new/",
      target: { namespace: "blue-acme-new", component: "endpoint", port: 9000 },
      role: { kind: "canary", weight: 10 },
    });
    assert.deepEqual(old?.rolloutTargets, ["acme.new"]);
  });

  it("takes the weight of the step that is reached", () => {
    assert.equal(canaryWeight("{ deployment: acme.new, steps: [5, 25, 100] }"), 0);
    assert.equal(canaryWeight("{ deployment: acme.new, steps: [5, 25, 100], step: 2 }"), 25);
    assert.equal(canaryWeight("{ deployment: acme.new, weight: 7 }"), 7);
  });

  it("finds the deployment of a version of the same pipeline", () => {
    const { old } = plansOf(rolling('{ canary: [{ version: "2", weight: 5 }] }', next, { name: "other" }));
    assert.deepEqual(old?.rolloutTargets, ["acme.new"]);
  });

  it("keeps the path and the deployment of gRPC calls, and adds the header that leads elsewhere", () => {
    const paths = "{ name: calls, endpointType: gRPC }";
    const rollout = "rollout: { headers: [{ deployment: acme.new, name: X-Version, value: v2 }] }";
    const { old } = plansOf([
      { name: "old", paths, endpoint: rollout },
      { ...next, paths },
    ]);
    const [own, header] = old?.routes ?? [];
    assert.deepEqual(own?.headers, { "x-algorun-deployment": "acme.old" });
    assert.deepEqual(header?.headers, { "x-algorun-deployment": "acme.old", "x-version": "v2" });
    assert.deepEqual([header.rewrite, header.target.port], ["", 18282]);
  });

  it("copies requests as they leave, so that the shadow's gateway is told whose path they carry", () => {
    const { old, ...plans } = plansOf(
      rolling(
        "{ shadow: { deployment: acme.shadow, weight: 50 }, canary: [{ deployment: acme.new, weight: 5 }] }",
        next,
        { name: "shadow" },
      ),
    );
    const shadow = routeOf(old, "http-shadow-acme-shadow");
    assert.deepEqual([shadow.rewrite, shadow.role], ["/acme/old/", { kind: "shadow", weight: 50 }]);
    assert.ok(plans["shadow"] && plans["new"]);
    assert.deepEqual(endpointOf(plans["shadow"]).config["copiesOf"], ["acme.new", "acme.old"]);
    assert.equal(endpointOf(plans["new"]).config["copiesOf"], undefined);
  });

  it("is there for every host name", () => {
    const endpoint =
      "routing: { hostnames: [a.example.org, b.example.org] }, rollout: { canary: [{ deployment: acme.new, weight: 1 }] }";
    const { old } = plansOf([{ name: "old", endpoint }, next]);
    assert.deepEqual(
      old?.routes.map(({ hostname, role }) => `${hostname ?? ""} ${role.kind}`),
      ["a.example.org own", "a.example.org canary", "b.example.org own", "b.example.org canary"],
    );
  });

  it("leaves out media streams, which no route carries", () => {
    const paths =
      "{ name: texts, contentType: text/plain }, { name: film, endpointType: RTMP, messageDataType: FileReference }";
    const rollout = "rollout: { canary: [{ deployment: acme.new, weight: 1 }] }";
    assert.deepEqual(faultsOf([{ name: "old", paths, endpoint: rollout }, next]), []);
  });
});

describe("mistakes in rollouts", () => {
  const table: readonly (readonly [
    fault: string,
    deployments: readonly DeploymentUnderTest[],
    want: readonly string[],
  ])[] = [
    [
      "a deployment that isn't there",
      rolling("{ canary: [{ deployment: acme.nw, weight: 1 }] }", next, { name: "other" }),
      [
        '4 rollout.canary[0].deployment: no deployment "acme.nw", expected "acme.new" or "acme.other"; did you mean "acme.new"?',
      ],
    ],
    [
      "itself",
      rolling("{ shadow: { deployment: acme.old } }", next),
      ["4 rollout.shadow.deployment: found acme.old, which is this deployment itself, expected another one"],
    ],
    [
      "a version that nobody has",
      rolling('{ canary: [{ version: "3", weight: 1 }] }', next),
      ['4 rollout.canary[0].version: no other deployment of acme/texts has version "3", expected "2"'],
    ],
    [
      "a version that two have",
      rolling('{ canary: [{ version: "2", weight: 1 }] }', next, { name: "newer", version: "2" }),
      [
        '4 rollout.canary[0].version: version "2" of acme/texts is deployed as "acme.new" or "acme.newer"; say which one by deployment',
      ],
    ],
    [
      "neither a deployment nor a version",
      rolling("{ canary: [{ weight: 1 }] }", next),
      [
        "4 rollout.canary[0]: found neither, expected exactly one of deployment and version, which say where requests go",
      ],
    ],
    [
      "a deployment without the path",
      rolling("{ canary: [{ deployment: acme.new, weight: 1 }] }", { ...next, paths: "{ name: pages }" }),
      [
        "4 rollout.canary[0].deployment: acme.new (shout.yaml:9) has no path texts with endpointType HTTP, as acme.old has; make them the same",
      ],
    ],
    [
      "a path that takes something else",
      rolling("{ canary: [{ deployment: acme.new, weight: 1 }] }", {
        ...next,
        paths: "{ name: texts, contentType: image/png }",
      }),
      [
        '4 rollout.canary[0].deployment: acme.new (shout.yaml:9) takes "image/png" at the path texts, not "text/plain", as acme.old has; make them the same',
      ],
    ],
    [
      "weights of more than everything",
      rolling(
        "{ canary: [{ deployment: acme.new, weight: 60 }, { deployment: acme.other, weight: 41 }] }",
        next,
        { name: "other" },
      ),
      ["4 rollout.canary: found weights of 101 together (acme.new 60, acme.other 41), expected at most 100"],
    ],
    [
      "a weight beside steps",
      rolling("{ canary: [{ deployment: acme.new, weight: 60, steps: [1] }] }", next),
      ["4 rollout.canary[0]: found both, expected exactly one of weight and steps"],
    ],
    [
      "a step beyond the last, of steps that fall",
      rolling("{ canary: [{ deployment: acme.new, steps: [50, 5], step: 3 }] }", next),
      [
        "4 rollout.canary[0].step: found step 3, expected 0 to 2: the steps are 50, 5",
        "4 rollout.canary[0].steps[1]: found 5 after 50, expected steps that rise",
      ],
    ],
    [
      "a step of a fixed weight",
      rolling("{ canary: [{ deployment: acme.new, weight: 5, step: 1 }] }", next),
      ["4 rollout.canary[0].step: has no effect without steps; remove it"],
    ],
    [
      "the same canary twice",
      rolling("{ canary: [{ deployment: acme.new, weight: 1 }, { deployment: acme.new, weight: 2 }] }", next),
      [
        "4 rollout.canary[1]: a second canary acme.new, the first is at line 4 and leads to acme.new; remove one",
      ],
    ],
    [
      "the same header twice",
      rolling(
        "{ headers: [{ deployment: acme.new, name: x-v, value: a }, { deployment: acme.new, name: X-V, value: a }] }",
        next,
      ),
      [
        "4 rollout.headers[1]: a second route for the header x-v: a, the first is at line 4 and leads to acme.new; remove one",
      ],
    ],
    [
      "copies of what it gets already",
      rolling("{ canary: [{ deployment: acme.new, weight: 1 }], shadow: { deployment: acme.new } }", next),
      [
        "4 rollout.shadow: acme.new is a canary, too, and would get its requests twice; expected another deployment, or a canary at step 0",
      ],
    ],
    [
      "a circle",
      [
        { name: "a", endpoint: "rollout: { canary: [{ deployment: acme.b, weight: 1 }] }" },
        { name: "b", endpoint: "rollout: { shadow: { deployment: acme.c } }" },
        { name: "c", endpoint: "rollout: { headers: [{ deployment: acme.a, name: x, value: y }] }" },
      ],
      [
        "4 rollout.canary[0]: rollouts go round in a circle: acme.a to acme.b, then to acme.c by shout.yaml:9, then to acme.a by shout.yaml:14; remove one of them",
      ],
    ],
    [
      "routes without a path that has one",
      [
        {
          name: "old",
          paths: "{ name: film, endpointType: RTMP, messageDataType: FileReference }",
          endpoint: "rollout: { canary: [{ deployment: acme.new, weight: 1 }] }",
        },
        next,
      ],
      ["4 rollout: has no effect, since no path has endpointType HTTP or gRPC; remove it"],
    ],
    [
      "the header by which gRPC calls find their deployment",
      [
        {
          name: "old",
          endpoint:
            "rollout: { headers: [{ deployment: acme.new, name: X-AlgoRun-Deployment, value: acme.new }] }",
        },
        next,
      ],
      [
        '4 rollout.headers[0].name: found "x-algorun-deployment", which says of gRPC calls which deployment they are for, expected another header',
      ],
    ],
  ];

  for (const [fault, deployments, want] of table) {
    it(`are reported: ${fault}`, () => {
      assert.deepEqual(faultsOf(deployments), want);
    });
  }

  it("are not reported of a deployment whose own document has errors", () => {
    const broken = { ...next, endpoint: "replicas: none" };
    assert.deepEqual(faultsOf(rolling("{ canary: [{ deployment: acme.new, weight: 1 }] }", broken)), [
      '9 replicas: found "none", expected a whole number',
    ]);
  });
});
