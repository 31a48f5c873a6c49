import assert from "node:assert/strict";
import { z } from "zod";
import { outsideAddresses } from "../../../components/pipeline/outside-addresses";

function addresses(...targets: readonly [host: string, port: number][]): ReturnType<typeof outsideAddresses> {
  return outsideAddresses(targets.map(([host, port]) => ({ to: "webhook", host, port })));
}

const blockSchema = z.object({
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).default([]) }),
});

/** Address blocks that a policy opens for a host, and those that it leaves out. */
function blocks(host: string): { readonly cidrs: readonly string[]; readonly except: readonly string[] } {
  const peers = addresses([host, 443]).flatMap((address) => [...address.peers]);
  const opened = peers.map((peer) => blockSchema.parse(peer).ipBlock);
  return { cidrs: opened.map(({ cidr }) => cidr), except: opened.flatMap(({ except }) => except) };
}

describe("addresses of webhooks", () => {
  it("open one port to the public internet for a host name, and nothing that is private", () => {
    const { cidrs, except } = blocks("hooks.example");
    assert.deepEqual(cidrs, ["0.0.0.0/0", "::/0"]);
    for (const range of ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"]) {
      assert.ok(except.includes(range), `${range} is open`);
    }
    assert.deepEqual(addresses(["hooks.example", 443])[0]?.ports, [443]);
  });

  it("open each port once, however many hosts use it", () => {
    const [open, ...others] = addresses(["a.example", 8443], ["b.example", 443], ["c.example", 443]);
    assert.deepEqual(open?.ports, [443, 8443]);
    assert.deepEqual(others, []);
  });

  it("open just the address where the host is one, private or not", () => {
    assert.deepEqual(blocks("192.168.7.9"), { cidrs: ["192.168.7.9/32"], except: [] });
    assert.deepEqual(blocks("[fd00::7]"), { cidrs: ["fd00::7/128"], except: [] });
  });

  it("open the namespace of a Service of the cluster, whose pods may listen on other ports than the Service", () => {
    for (const host of ["billing.finance.svc", "billing.finance.svc.cluster.local"]) {
      assert.deepEqual(addresses([host, 80]), [
        {
          peers: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "finance" } } }],
          ports: [],
        },
      ]);
    }
  });

  it("take a public name that only looks like a Service for what it is", () => {
    assert.deepEqual(blocks("billing.finance.svc-host.example").cidrs, ["0.0.0.0/0", "::/0"]);
  });

  it("open nothing for no webhook", () => {
    assert.deepEqual(addresses(), []);
  });
});
