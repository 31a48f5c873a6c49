import assert from "node:assert/strict";
import { platform, planText } from "./documents-under-test";
import { deploymentsText, faultsOf, type DeploymentUnderTest } from "./rollouts-under-test";

const calls = "{ name: calls, endpointType: gRPC }";

/** Two deployments, with something to say of their routes. */
function both(routing: string, otherRouting: string, paths?: string): readonly DeploymentUnderTest[] {
  const shared = paths === undefined ? {} : { paths };
  return [
    { ...shared, name: "a", endpoint: `routing: ${routing}` },
    { ...shared, name: "b", endpoint: `routing: ${otherRouting}` },
  ];
}

describe("the routes of two deployments", () => {
  it("clash at the same prefix, and both places are named", () => {
    assert.deepEqual(faultsOf(both("{ prefix: /t/ }", "{ prefix: /t/ }")), [
      "9 routing.prefix: acme.b and acme.a (shout.yaml:4) both take the requests to /t/; give one of them another prefix or host name",
    ]);
  });

  it("clash where a stated prefix is another's by default", () => {
    assert.deepEqual(
      faultsOf([{ name: "a" }, { name: "b", endpoint: "routing: { prefix: /run/http/acme/a/ }" }]),
      [
        "9 routing.prefix: acme.b and acme.a (shout.yaml:3) both take the requests to /run/http/acme/a/; give one of them another prefix or host name",
      ],
    );
  });

  it("clash for gRPC at the same host name, where no header tells them apart", () => {
    const hostnames = "{ hostnames: [x.acme.example] }";
    assert.deepEqual(faultsOf(both(hostnames, hostnames, calls)), [
      "9 routing.hostnames[0]: acme.b and acme.a (shout.yaml:4) both take the requests to x.acme.example/PipelineEndpoint/; give one of them another host name",
    ]);
  });

  it("clash where a host name is the platform's own", () => {
    const text = deploymentsText([
      { name: "a", endpoint: "routing: { prefix: /t/ }" },
      { name: "b", endpoint: "routing: { prefix: /t/, hostnames: [run.acme.example] }" },
    ]);
    const { problems } = planText(text, { ...platform, edge: { hostname: "run.acme.example" } });
    assert.match(problems.at(-1)?.message ?? "", /^acme\.b and acme\.a .* run\.acme\.example\/t\//);
  });

  it("clash where a prefix lies on a path of the other, since the longer one wins", () => {
    assert.deepEqual(faultsOf(both("{ prefix: /t/ }", "{ prefix: /t/texts/more/ }")), [
      "9 routing.prefix: acme.b takes the requests to /t/texts/more/, which lie below the path texts of acme.a (shout.yaml:4), since the longer prefix wins; give one of them another prefix or host name",
    ]);
  });

  it("are apart where a prefix lies beside the paths of the other", () => {
    assert.deepEqual(faultsOf(both("{ prefix: /t/ }", "{ prefix: /t/pages/ }")), []);
    assert.deepEqual(faultsOf(both("{ prefix: / }", "{ timeoutSeconds: 1 }")), []);
    assert.deepEqual(faultsOf(both("{ prefix: /t/ }", "{ prefix: /t-and-more/ }")), []);
  });

  it("are apart at host names of their own", () => {
    assert.deepEqual(
      faultsOf(
        both("{ prefix: /t/, hostnames: [a.acme.example] }", "{ prefix: /t/, hostnames: [b.acme.example] }"),
      ),
      [],
    );
    assert.deepEqual(faultsOf(both("{ prefix: /t/ }", "{ prefix: /t/, hostnames: [b.acme.example] }")), []);
  });

  it("are found among a thousand", () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({
      name: `d${index}`,
      endpoint: `routing: { prefix: /many/${index}/ }`,
    }));
    assert.equal(
      faultsOf([...many, { name: "last", endpoint: "routing: { prefix: /many/500/texts/ }" }]).length,
      1,
    );
  }).timeout(60_000);
});
