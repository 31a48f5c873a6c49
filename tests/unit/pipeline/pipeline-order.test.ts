import assert from "node:assert/strict";
import type { RegisteredResource } from "../../harness/deploy";
import { fanOut, ofType, resourcesOf, theOne } from "./pipeline-under-test";
import { componentOf } from "./plans-under-test";

/** Whether a resource waits for another, directly, through others, or through a parent of either. */
function waitsFor(
  resources: readonly RegisteredResource[],
  later: RegisteredResource,
  earlier: RegisteredResource,
): boolean {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const seen = new Set([later.urn]);
  for (const urn of seen) {
    for (const dependency of byUrn.get(urn)?.dependencies ?? []) seen.add(dependency);
    const parent = parentOf(urn, resources);
    if (parent !== undefined) seen.add(parent.urn);
  }
  return seen.has(earlier.urn);
}

/** The component that a resource is in, as its URN tells. */
function parentOf(urn: string, resources: readonly RegisteredResource[]): RegisteredResource | undefined {
  const [, , types = "", name = ""] = urn.split("::");
  const parentTypes = types.split("$").slice(0, -1).join("$");
  const parents = resources.filter((resource) => resource.urn.split("::")[2] === parentTypes);
  const named = parents.filter((parent) => name.startsWith(parent.name));
  return named.sort((left, right) => right.name.length - left.name.length)[0];
}

describe("the order of a pipeline's resources", () => {
  let resources: readonly RegisteredResource[];
  before(async () => {
    resources = await resourcesOf(fanOut);
  });

  const deployment = (component: string): RegisteredResource =>
    theOne(resources, "apps/v1:Deployment", `acme-texts-${component}`);

  function assertOrder(...chain: readonly RegisteredResource[]): void {
    chain.slice(1).forEach((later, index) => {
      const earlier = chain[index];
      assert.ok(earlier);
      assert.ok(waitsFor(resources, later, earlier), `${later.name} does not wait for ${earlier.name}`);
      assert.ok(!waitsFor(resources, earlier, later), `${earlier.name} waits for ${later.name}`);
    });
  }

  it("is topic, credential, pods", () => {
    const topic = theOne(resources, ":Topic", "acme-texts-algorun.acme.texts.split.1.out");
    const count = `acme-texts-${componentOf("count")}`;
    assertOrder(
      topic,
      theOne(resources, ":UserScramCredential", `${count}-kafka`),
      deployment(componentOf("count")),
    );
    for (const acl of ofType(resources, ":Acl").filter(({ name }) => name.startsWith(count))) {
      assertOrder(topic, acl, deployment(componentOf("count")));
    }
  });

  it("is readers, writers, endpoint, route", () => {
    for (const middle of ["count", "translate"]) {
      assertOrder(
        deployment("hook"),
        deployment(componentOf(middle)),
        deployment(componentOf("split")),
        theOne(resources, "apps/v1:StatefulSet", "acme-texts-endpoint"),
        theOne(resources, ":Mapping", "acme-texts-http"),
      );
    }
  });

  it("keeps two readers of one topic from waiting for each other", () => {
    const [left, right] = ["count", "translate"].map((name) => deployment(componentOf(name)));
    assert.ok(left && right);
    assert.ok(!waitsFor(resources, left, right));
    assert.ok(!waitsFor(resources, right, left));
  });

  it("has all guards of the namespace before the first pod", () => {
    const guards = [
      theOne(resources, "core/v1:Namespace", "acme-texts"),
      theOne(resources, ":NetworkPolicy", "acme-texts-default-deny"),
      theOne(resources, ":ResourceQuota", "acme-texts"),
    ];
    for (const guard of guards) assertOrder(guard, deployment("hook"));
  });

  it("comes to an end where pipes run in a circle", async () => {
    const circle = await resourcesOf({
      algos: [
        { name: "draft", reads: ["Endpoint", "review"] },
        { name: "review", reads: ["draft"] },
        { name: "publish", reads: ["review"] },
      ],
    });
    assert.equal(ofType(circle, "apps/v1:Deployment").length, 4);
    const publish = theOne(circle, "apps/v1:Deployment", `acme-texts-${componentOf("publish")}`);
    for (const name of ["draft", "review"]) {
      const inCircle = theOne(circle, "apps/v1:Deployment", `acme-texts-${componentOf(name)}`);
      assert.ok(waitsFor(circle, inCircle, publish), `${name} does not wait for what the circle feeds`);
    }
  });
});
