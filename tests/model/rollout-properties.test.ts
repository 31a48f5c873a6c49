import assert from "node:assert/strict";
import fc from "fast-check";
import type { PipelinePlan, RoutePlan } from "../../pipelines/model/plan/plan";
import { endpointOf, planText } from "./documents-under-test";
import { deploymentsText, faultsOf, plansOf, type DeploymentUnderTest } from "./rollouts-under-test";

/** A deployment that rolls out to later ones, as plain numbers. */
interface Generated {
  readonly hostnames: number;
  readonly protocols: "HTTP" | "gRPC" | "both";
  readonly timeoutSeconds: number;
  /** Weights of canaries to the next deployments but some. */
  readonly canaries: readonly { readonly to: number; readonly weight: number; readonly stepped: boolean }[];
  readonly shadow: number | undefined;
  readonly headers: readonly number[];
}

const target = fc.integer({ min: 1, max: 5 });

const generated: fc.Arbitrary<Generated> = fc.record({
  hostnames: fc.integer({ min: 0, max: 2 }),
  protocols: fc.constantFrom("HTTP", "gRPC", "both"),
  timeoutSeconds: fc.integer({ min: 0, max: 1000 }),
  canaries: fc.uniqueArray(
    fc.record({ to: target, weight: fc.integer({ min: 1, max: 33 }), stepped: fc.boolean() }),
    { maxLength: 3, selector: ({ to }) => to },
  ),
  shadow: fc.option(target, { nil: undefined }),
  headers: fc.uniqueArray(target, { maxLength: 2 }),
});

const stacks = fc.array(generated, { minLength: 1, maxLength: 5 });

const allPaths =
  "{ name: texts, contentType: text/plain }, { name: calls, endpointType: gRPC }, { name: pages, isDefault: true }";
const pathsOf = {
  HTTP: "{ name: texts, contentType: text/plain }",
  gRPC: "{ name: calls, endpointType: gRPC }",
  both: "{ name: texts, contentType: text/plain }, { name: calls, endpointType: gRPC }",
};

/** Deployments that roll out only to later ones, and at last one that has every path and rolls out to none. */
function deploymentsOf(stack: readonly Generated[]): readonly DeploymentUnderTest[] {
  const protocols = stack.map((each) => each.protocols);
  const rolling = stack.map((each, index): DeploymentUnderTest => {
    // Only deployments with the same paths, or all of them, can take another's requests.
    const targets = new Map(
      [1, 2, 3, 4, 5].map((to) => [
        to,
        protocols[index + to] === each.protocols ? `acme.d${index + to}` : `acme.last${to}`,
      ]),
    );
    const name = (to: number): string => targets.get(to) ?? "";
    const canary = each.canaries.map(({ to, weight, stepped }) =>
      stepped
        ? `{ deployment: ${name(to)}, steps: [${weight}, 99], step: 1 }`
        : `{ deployment: ${name(to)}, weight: ${weight} }`,
    );
    const free = each.canaries.every(({ to }) => to !== each.shadow);
    const shadow = each.shadow !== undefined && free ? `, shadow: { deployment: ${name(each.shadow)} }` : "";
    const headers = each.headers.map((to) => `{ deployment: ${name(to)}, name: x-to, value: v${to} }`);
    const hostnames = Array.from({ length: each.hostnames }, (_, host) => `h${host}.d${index}.example.org`);
    const routing = [
      `timeoutSeconds: ${each.timeoutSeconds}`,
      ...(hostnames.length > 0 ? [`hostnames: [${hostnames.join(", ")}]`] : []),
    ];
    return {
      name: `d${index}`,
      paths: pathsOf[each.protocols],
      endpoint: `routing: { ${routing.join(", ")} }, rollout: { canary: [${canary.join(", ")}], headers: [${headers.join(", ")}]${shadow} }`,
    };
  });
  return [...rolling, ...[1, 2, 3, 4, 5].map((to) => ({ name: `last${to}`, paths: allPaths }))];
}

function always(check: (plans: Readonly<Record<string, PipelinePlan>>) => void): void {
  fc.assert(
    fc.property(stacks, (stack) => {
      check(plansOf(deploymentsOf(stack)));
    }),
    { numRuns: 200 },
  );
}

/** Fields by which Emissary puts Mappings together, and on which all of them must then agree. */
function groupKey({ hostname, protocol, prefix, headers }: RoutePlan): string {
  return JSON.stringify([hostname, protocol, prefix, headers]);
}

describe("the routes of any deployments", function () {
  this.timeout(60_000);

  it("have names of their own that Kubernetes accepts", () => {
    always((plans) => {
      for (const { routes } of Object.values(plans)) {
        const names = routes.map(({ name }) => name);
        assert.equal(new Set(names).size, names.length);
        for (const name of names) assert.match(`endpoint-${name}`, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/);
      }
    });
  });

  it("share at most all of the requests, in groups with one route of one's own and one shadow", () => {
    always((plans) => {
      const groups = new Map<string, RoutePlan[]>();
      for (const route of Object.values(plans).flatMap(({ routes }) => routes)) {
        groups.set(groupKey(route), [...(groups.get(groupKey(route)) ?? []), route]);
      }
      for (const group of groups.values()) {
        const weights = group.map(({ role }) => (role.kind === "canary" ? role.weight : 0));
        assert.ok(weights.reduce((sum, weight) => sum + weight) <= 100);
        const count = (kind: string): number => group.filter(({ role }) => role.kind === kind).length;
        assert.equal(count("own") + count("header"), 1);
        assert.ok(count("shadow") <= 1);
        for (const { traffic } of group) assert.deepEqual(traffic, group[0]?.traffic);
      }
    });
  });

  it("lead to an endpoint that is in the plans, under the path that it expects", () => {
    always((plans) => {
      const byNamespace = new Map(Object.values(plans).map((plan) => [plan.namespace, plan]));
      for (const plan of Object.values(plans)) {
        for (const { target: to, role, rewrite, protocol } of plan.routes) {
          const reached = to.namespace === undefined ? plan : byNamespace.get(to.namespace);
          assert.ok(reached);
          const endpoint = endpointOf(reached);
          assert.deepEqual([to.component, to.port], [endpoint.name, endpoint.ports[protocol]]);
          const ids = reached.id.replace(".", "/");
          const copies = endpoint.config["copiesOf"];
          if (protocol === "grpc") assert.equal(rewrite, "");
          else if (role.kind !== "shadow") assert.equal(rewrite, `/${ids}/`);
          else {
            assert.equal(rewrite, `/${plan.id.replace(".", "/")}/`);
            assert.ok(Array.isArray(copies) && copies.includes(plan.id));
          }
          if (to.namespace !== undefined) assert.ok(plan.rolloutTargets.includes(reached.id));
        }
      }
    });
  });

  it("don't change when a deployment is added that no rollout names", () => {
    fc.assert(
      fc.property(stacks, generated, (stack, added) => {
        const before = plansOf(deploymentsOf(stack));
        const other = deploymentsOf([added]).find(({ name }) => name === "d0");
        assert.ok(other);
        const rollout = other.endpoint
          ?.replace(/shadow: \{[^}]*\}/, "")
          .replace(/d0\.example/g, "new.example");
        const after = plansOf([...deploymentsOf(stack), { ...other, name: "new", endpoint: rollout ?? "" }]);
        for (const [name, plan] of Object.entries(before)) assert.deepEqual(after[name], plan);
      }),
      { numRuns: 100 },
    );
  });

  it("change alone when a rollout is added; a shadow's gateway learns whose copies it gets", () => {
    fc.assert(
      fc.property(generated, (stack) => {
        const deployments = deploymentsOf([stack]);
        const without = deployments.map((each) => ({
          ...each,
          endpoint: each.endpoint?.replace(/, rollout: .*/, "") ?? "replicas: 1",
        }));
        const before = plansOf(without);
        for (const [name, plan] of Object.entries(plansOf(deployments))) {
          const own = plan.routes.filter(({ role }) => role.kind === "own");
          const components = plan.components.map((component) => {
            if (component.kind !== "endpoint") return component;
            const config = Object.entries(component.config).filter(([key]) => key !== "copiesOf");
            return { ...component, config: Object.fromEntries(config) };
          });
          assert.deepEqual({ ...plan, components, routes: own, rolloutTargets: [] }, before[name]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("are the same whatever the order of the documents", () => {
    fc.assert(
      fc.property(stacks, (stack) => {
        const routes = (deployments: readonly DeploymentUnderTest[]): unknown =>
          planText(deploymentsText(deployments)).plans.map((plan) => plan.routes);
        const deployments = deploymentsOf(stack);
        assert.deepEqual(routes([...deployments].reverse()), routes(deployments));
      }),
      { numRuns: 100 },
    );
  });

  it("never go round in a circle", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(), (length, turn) => {
        const circle = Array.from({ length }, (_, index) => ({
          name: `d${(index + turn) % length}`,
          endpoint: `rollout: { canary: [{ deployment: acme.d${(index + turn + 1) % length}, weight: 1 }] }`,
        }));
        const faults = faultsOf(circle);
        assert.equal(faults.length, 1);
        assert.match(faults[0] ?? "", /rollouts go round in a circle: acme\.d0 to acme\.d1/);
      }),
      { numRuns: 50 },
    );
  });
});
