import assert from "node:assert/strict";
import { planText } from "./documents-under-test";
import { deploymentsText, faultsOf, type DeploymentUnderTest } from "./rollouts-under-test";

const rollouts = {
  canary: "canary: [{ deployment: acme.new, weight: 1 }]",
  shadow: "shadow: { deployment: acme.new }",
  header: "headers: [{ deployment: acme.new, name: x-version, value: v2 }]",
};

const token = { issuer: "https://id.example", keys: "https://id.example/keys", audiences: "[shop, kiosk]" };

function tokens(changes: Partial<typeof token> = {}): string {
  const { issuer, keys, audiences } = { ...token, ...changes };
  return `jwt: { issuer: '${issuer}', jwksUri: '${keys}', audiences: ${audiences} }`;
}

const secret = (name: string): string => `apiKeys: { secretName: ${name} }`;

function deployments(
  from: string | undefined,
  target: string | undefined,
  rollout = rollouts.canary,
): readonly DeploymentUnderTest[] {
  const stated = (authentication: string | undefined): string =>
    authentication === undefined ? "" : `, authentication: { ${authentication} }`;
  return [
    { name: "new", version: "2", endpoint: `replicas: 1${stated(target)}` },
    { name: "old", endpoint: `rollout: { ${rollout} }${stated(from)}` },
  ];
}

describe("a deployment that shares requests with another", () => {
  const same: readonly (readonly [what: string, from: string | undefined, target: string | undefined])[] = [
    ["nothing", undefined, undefined],
    ["the same Secret with keys", secret("callers"), secret("callers")],
    ["tokens of the same issuer", tokens(), tokens()],
    ["tokens for further audiences", tokens(), tokens({ audiences: "[kiosk, other, shop]" })],
  ];
  for (const [what, from, target] of same) {
    it(`may ask for ${what}`, () => {
      for (const rollout of Object.values(rollouts))
        assert.deepEqual(faultsOf(deployments(from, target, rollout)), []);
    });
  }

  const there = "acme.new (shout.yaml:4)";
  const here = "acme.old (shout.yaml:9)";
  const unlike: readonly (readonly [
    what: string,
    from: string | undefined,
    target: string | undefined,
    want: string,
  ])[] = [
    [
      "keys where everybody was let in",
      undefined,
      secret("callers"),
      `${there} lets in callers with keys, and ${here} everybody; give both the same authentication`,
    ],
    [
      "nothing where keys were asked for",
      secret("callers"),
      undefined,
      `${there} lets in everybody, and ${here} callers with keys; give both the same authentication`,
    ],
    [
      "tokens where keys were asked for",
      secret("callers"),
      tokens(),
      `${there} lets in callers with tokens, and ${here} callers with keys; give both the same authentication`,
    ],
    [
      "keys that are made",
      "apiKeys: { callers: [web] }",
      "apiKeys: { callers: [web] }",
      `${there} knows other keys, since keys that are made are a deployment's own; give both the same Secret by apiKeys.secretName, as ${here}`,
    ],
    [
      "another Secret with keys",
      secret("callers"),
      secret("others"),
      `${there} knows the keys of the Secret others, not of callers; give both the same Secret by apiKeys.secretName, as ${here}`,
    ],
    [
      "tokens of another issuer",
      tokens(),
      tokens({ issuer: "https://id2.example" }),
      `${there} takes tokens of https://id2.example, not of https://id.example, as ${here} has; make them the same`,
    ],
    [
      "tokens signed elsewhere",
      tokens(),
      tokens({ keys: "https://id.example/more" }),
      `${there} looks for keys at https://id.example/more, not at https://id.example/keys, as ${here} has; make them the same`,
    ],
    [
      "tokens for fewer audiences",
      tokens(),
      tokens({ audiences: "[kiosk]" }),
      `${there} takes no tokens for the audience "shop", as ${here} has; make them the same`,
    ],
  ];
  for (const [what, from, target, want] of unlike) {
    it(`may not ask for ${what}`, () => {
      assert.deepEqual(faultsOf(deployments(from, target)), [`9 rollout.canary[0].deployment: ${want}`]);
    });
  }

  it("is warned when the other one takes smaller bodies", () => {
    const sized = (old: string, other: string): readonly string[] => {
      const [target, from] = deployments(undefined, undefined);
      assert.ok(target && from);
      const path = (size: string): string => `{ name: texts, contentType: text/plain, maxBodySize: ${size} }`;
      const text = deploymentsText([
        { ...target, paths: path(other) },
        { ...from, paths: path(old) },
      ]);
      return planText(text).problems.map(({ severity, message }) => `${severity} ${message}`);
    };
    const about = (lines: readonly string[]): readonly string[] =>
      lines.filter((line) => line.includes("maxBodySize"));
    assert.deepEqual(about(sized("64Ki", "64Ki")), []);
    assert.deepEqual(about(sized("64Ki", "128Ki")), about(sized("64Ki", "64Ki")));
    assert.deepEqual(about(sized("64Ki", "32Ki")), [
      "warning acme.new (shout.yaml:4) takes bodies of 32768 bytes at the path texts, and acme.old of 65536, so that it refuses larger ones; state the same maxBodySize",
    ]);
  });
});
