import assert from "node:assert/strict";
import { isIP } from "node:net";
import fc from "fast-check";
import { addressKind, hostAndPort, type AddressKind } from "../../pipelines/model/workloads/outside-address";

/** The host of a URL as a document writes it: `new URL` brings it into its one form. */
function kindOf(host: string): AddressKind {
  return addressKind(new URL(`https://${host}/`).hostname);
}

describe("the host of a URL", () => {
  const kinds: Readonly<Record<AddressKind, readonly string[]>> = {
    public: [
      "hooks.example.org",
      "203.0.113.7",
      "172.32.0.1",
      "100.128.0.1",
      "[2001:db8::7]",
      "svc.example.org",
      "[::ffff:203.0.113.7]",
    ],
    private: [
      "10.1.2.3",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.0.1",
      "100.64.0.1",
      "[fd00::1]",
      "[::ffff:10.0.0.1]",
      "printer",
      "nas.local",
      "hooks.corp.internal",
    ],
    cluster: ["hooks.team.svc", "hooks.team.svc.cluster.local", "hooks.team.svc.cluster.local."],
    own: [
      "localhost",
      "LOCALHOST",
      "app.localhost",
      "127.0.0.1",
      "127.1",
      "2130706433",
      "0.0.0.0",
      "169.254.169.254",
      "224.0.0.1",
      "255.255.255.255",
      "[::1]",
      "[::]",
      "[fe80::1]",
      "[ff02::1]",
      "[::ffff:127.0.0.1]",
    ],
  };
  for (const [kind, hosts] of Object.entries(kinds)) {
    it(`is ${kind}: ${hosts.join(", ")}`, () => {
      assert.deepEqual(
        hosts.filter((host) => kindOf(host) !== kind),
        [],
      );
    });
  }

  it("is the same address however it is written", () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (number) => {
        const dotted = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
        assert.equal(isIP(dotted), 4);
        assert.equal(kindOf(String(number)), kindOf(dotted));
        assert.equal(kindOf(`[::ffff:${dotted}]`), kindOf(dotted));
      }),
      { numRuns: 1000 },
    );
  });

  it("has the port of its scheme unless it states one", () => {
    assert.deepEqual(hostAndPort("https://a.example/x"), { host: "a.example", port: 443 });
    assert.deepEqual(hostAndPort("http://a.example/x"), { host: "a.example", port: 80 });
    assert.deepEqual(hostAndPort("https://a.example:8443/x"), { host: "a.example", port: 8443 });
  });
});
