import assert from "node:assert/strict";
import type { RegisteredResource } from "../harness/deploy";
import { exampleSettings } from "../harness/example-settings";
import { assertHardened } from "../harness/hardening";
import { manifests } from "../harness/manifests";
import { Network, type OpenedWay } from "../harness/network";
import { podTemplates } from "../harness/pod-templates";
import { deployStack } from "../harness/whole-stack";

const stacks: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "with all defaults": {},
  "with MariaDB and SeaweedFS": { sql: { engine: "mariadb" }, objectStorage: { engine: "seaweedfs" } },
  "with TLS and media streams": {
    ambassador: { tlsSecretName: "edge", hostname: "run.example.org" },
    documents: ["pipelines/documents", "tests/documents"],
  },
  "with the examples": exampleSettings,
};

for (const [name, values] of Object.entries(stacks)) {
  describe(`a stack ${name}`, function () {
    this.timeout(60_000);
    let resources: readonly RegisteredResource[] = [];
    let network: Network;

    before(async () => {
      resources = await deployStack(values);
      network = new Network(resources);
    });

    it("runs hardened pods, all of them", () => {
      assertHardened(resources);
      assert.ok(podTemplates(resources).length > 15);
    });

    it("has no way out of a pod that ends at a closed door", () => {
      assert.deepEqual(
        network
          .meantWaysOut()
          .filter((way) => !network.lets(way, "ingress"))
          .map(describeWay),
        [],
      );
    });

    it("has no open door that those it is for can't go to", () => {
      const others = network.meantWaysIn().filter(({ from, to }) => from !== to);
      assert.deepEqual(others.filter((way) => !network.lets(way, "egress")).map(describeWay), []);
    });

    it("has no rule about pods that don't exist", () => {
      assert.deepEqual(network.strayPeers(), []);
    });

    it("lets no pod of a pipeline reach another pipeline's", () => {
      const pipelines = new Set(podTemplates(resources).map(({ namespace }) => namespace));
      pipelines.delete("algorun");
      assert.ok(pipelines.size > 1);
      const ways = [...network.meantWaysOut(), ...network.meantWaysIn()];
      const crossing = ways.filter(
        ({ from, to }) =>
          from.namespace !== to.namespace && pipelines.has(from.namespace) && pipelines.has(to.namespace),
      );
      assert.deepEqual(crossing.map(describeWay), []);
    });

    it("names every object itself, once in its namespace and kind", () => {
      const seen = new Map<string, number>();
      // A patch is about an object that somebody else has named.
      const made = resources.filter(({ type }) => !type.endsWith("Patch"));
      for (const { kind, metadata } of manifests(made)) {
        assert.ok(metadata.name, `a ${kind} has no name`);
        const id = `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
        seen.set(id, (seen.get(id) ?? 0) + 1);
      }
      assert.deepEqual(
        [...seen].filter(([, count]) => count > 1),
        [],
      );
    });

    it("keeps every generated password out of all but Secrets", () => {
      const passwords = resources
        .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
        .map(({ name: password }) => `${password}-result`);
      assert.ok(passwords.length > 3);
      const holders = resources.filter(
        ({ type, inputs }) =>
          type.startsWith("kubernetes:") &&
          type !== "kubernetes:core/v1:Secret" &&
          passwords.some((password) => JSON.stringify(inputs).includes(password)),
      );
      assert.deepEqual(
        holders.map(({ urn }) => urn),
        [],
      );
    });
  });
}

function describeWay({ from, to, port }: OpenedWay): string {
  return `${from.namespace}/${from.name} -> ${to.namespace}/${to.name}:${port}`;
}

describe("an RTMP server", function () {
  this.timeout(60_000);

  const servers = async (documents: readonly string[]): Promise<string[]> =>
    podTemplates(await deployStack({ documents }))
      .map(({ name }) => name)
      .filter((name) => name === "nginx-rtmp");

  it("is there only when a pipeline takes media streams", async () => {
    assert.deepEqual(await servers(["pipelines/documents"]), []);
    assert.deepEqual(await servers(["tests/documents"]), ["nginx-rtmp"]);
  });
});
