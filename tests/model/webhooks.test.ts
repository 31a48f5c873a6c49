import assert from "node:assert/strict";
import fc from "fast-check";
import type { EventHookPlan } from "../../pipelines/model/plan/plan";
import { broken, describeFaults, hookOf, planOf, problemsOf, soundText } from "./documents-under-test";

const url = "        webHookUrl: https://hooks.acme.example/upper\n";

/** The sound documents with fields more in the webhook. */
function withField(field: string): string {
  return broken(url, `${url}        ${field}\n`);
}

/** The sound documents with another URL of the webhook. */
function withUrl(other: string): string {
  return broken("https://hooks.acme.example/upper", JSON.stringify(other));
}

function hook(text: string): EventHookPlan {
  return hookOf(planOf(text));
}

describe("a webhook", () => {
  it("has a name of its own, from what it is and not from where it stands", () => {
    const second = `      - { pipelineHookInputName: upper, webHookUrl: "https://other.example/" }\n`;
    const [one, two] = [
      broken(url, `${url}${second}`),
      broken("    webHooks:\n", `    webHooks:\n${second}`),
    ].map((text) => hook(text).webhooks);
    assert.deepEqual(one, two);
    assert.equal(new Set(one?.map(({ name }) => name)).size, 2);
    assert.equal(hook(withField("name: crm")).webhooks[0]?.name, "crm");
  });

  it("takes headers from Secrets, each mounted once", () => {
    const text = withField(
      "secretHeaders: { X-Tenant: { secretName: crm.main, key: tenant }, Authorization: { secretName: crm.main, key: bearer } }",
    );
    const { webhooks, secretMounts, config } = hook(text);
    assert.deepEqual(webhooks[0]?.secretHeaders, {
      Authorization: { file: "/etc/algorun/secrets/crm.main/bearer" },
      "X-Tenant": { file: "/etc/algorun/secrets/crm.main/tenant" },
    });
    assert.deepEqual(secretMounts, [
      { secretName: "crm.main", volume: "secret-crm-main", folder: "/etc/algorun/secrets/crm.main" },
    ]);
    assert.match(JSON.stringify(config), /secrets\/crm\.main\/bearer/);
  });

  it("is signed with a secret that is made, or that a Secret brings", () => {
    const made = hook(withField("name: crm\n        signature: {}"));
    assert.deepEqual(made.webhooks[0]?.signature, {
      scheme: "standard-webhooks",
      file: "/etc/algorun/signing/crm",
      isGenerated: true,
    });
    assert.equal(made.signingFolder, "/etc/algorun/signing");
    const given = hook(withField("signature: { secretName: crm, key: whsec }"));
    assert.deepEqual(given.webhooks[0]?.signature, {
      scheme: "standard-webhooks",
      file: "/etc/algorun/secrets/crm/whsec",
      isGenerated: false,
    });
    assert.equal(given.signingFolder, undefined);
    assert.deepEqual(
      given.secretMounts.map(({ secretName }) => secretName),
      ["crm"],
    );
    assert.equal(hook(soundText).webhooks[0]?.signature, undefined);
  });

  it("may be one of several on one input, and of several inputs", () => {
    const more = `      - { pipelineHookInputName: upper, webHookUrl: "https://b.example/", httpVerb: PUT }
      - { pipelineHookInputName: raw, webHookUrl: "https://hooks.acme.example:8443/raw" }
`;
    const text = `${broken(url, `${url}${more}`)}    - { sourceName: Endpoint, sourceOutputName: texts, destName: EventHook, destInputName: raw }\n`;
    const { webhooks, network } = hook(text);
    assert.deepEqual(
      webhooks.map(({ input, verb, topics }) => [input, verb, topics.length]),
      [
        ["raw", "POST", 1],
        ["upper", "PUT", 1],
        ["upper", "POST", 1],
      ],
    );
    assert.deepEqual(
      network.egress.map((rule) => ("host" in rule ? `${rule.host}:${rule.port}` : rule.to)),
      ["kafka", "b.example:443", "hooks.acme.example:443", "hooks.acme.example:8443"],
    );
  });

  it("is the same wherever it stands in the list", () => {
    const entry = (name: string, at: number): string =>
      `      - { name: ${name}, pipelineHookInputName: upper, webHookUrl: "https://h${at}.example/", signature: {}, secretHeaders: { A: { secretName: s-${at}, key: k } } }\n`;
    const entries = ["crm", "erp", "audit", "shop"].map(entry);
    const withAll = (list: readonly string[]): EventHookPlan => hook(broken(url, `${url}${list.join("")}`));
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (list) => {
        assert.deepEqual(withAll(list), withAll(entries));
      }),
      { numRuns: 20 },
    );
  });

  it("may be a Service of the cluster without TLS, or an address of a private network", () => {
    assert.deepEqual(problemsOf(withUrl("http://hooks.team.svc:8080/")), []);
    assert.deepEqual(problemsOf(withUrl("https://10.0.0.7/")), []);
  });
});

describeFaults("webhooks that are unsafe or can't work", [
  [
    "messages in clear",
    withUrl("http://hooks.acme.example/upper"),
    ["warning shout.yaml:44 spec.eventHook.webHooks[0].webHookUrl: messages travel in clear; use https"],
  ],
  [
    "a secret in clear",
    withUrl("http://hooks.acme.example/upper").replace(
      "        webHookUrl",
      "        secretHeaders: { Authorization: { secretName: a, key: b } }\n        webHookUrl",
    ),
    [
      "error shout.yaml:45 spec.eventHook.webHooks[0].webHookUrl: found http, expected https: a header from a Secret would travel in clear",
    ],
  ],
  [
    "the credentials of the node",
    withUrl("https://169.254.169.254/latest"),
    [
      "error shout.yaml:44 spec.eventHook.webHooks[0].webHookUrl: found 169.254.169.254, which is the hook's own pod or node, or nobody; expected the receiver's host",
    ],
  ],
  [
    "a password in the URL, which is not shown",
    withUrl("https://me:hush@hooks.acme.example/"),
    [
      "error shout.yaml:44 spec.eventHook.webHooks[0].webHookUrl: found a user or a password in the URL, expected none; send it with secretHeaders",
    ],
  ],
  [
    "a name that a network policy can't open",
    withUrl("https://crm.corp.internal/"),
    [
      "warning shout.yaml:44 spec.eventHook.webHooks[0].webHookUrl: crm.corp.internal looks like a name of a private network, where a network policy lets nobody go by name; give its address, or service.namespace.svc",
    ],
  ],
  [
    "a token for all to read, which is not shown",
    withField("httpHeaders: 'X-Auth-Token: hush'"),
    [
      "warning shout.yaml:45 spec.eventHook.webHooks[0].httpHeaders: the value of X-Auth-Token stands in the document for all to read; take it from a Secret with secretHeaders",
    ],
  ],
  [
    "a header twice",
    withField("httpHeaders: 'x-team: a'\n        secretHeaders: { X-Team: { secretName: a, key: b } }"),
    [
      "error shout.yaml:46 spec.eventHook.webHooks[0].secretHeaders.X-Team: a second header X-Team, expected each header once",
    ],
  ],
  [
    "a header that the hook writes",
    withField("httpHeaders: 'Webhook-Signature: mine'"),
    [
      "error shout.yaml:45 spec.eventHook.webHooks[0].httpHeaders: Webhook-Signature is a header that the hook writes itself; remove it",
    ],
  ],
  [
    "half a reference to a Secret",
    withField("signature: { secretName: a }"),
    [
      "error shout.yaml:45 spec.eventHook.webHooks[0].signature.key: is missing, expected both secretName and key, or neither, for a secret that is made",
    ],
  ],
  [
    "the same webhook twice",
    broken(url, `${url}      - pipelineHookInputName: upper\n${url}`),
    [
      "error shout.yaml:45 spec.eventHook.webHooks[1]: the same input, URL and verb as webHooks[0]: its receiver would get every message twice; remove one of them",
    ],
  ],
  [
    "a name twice",
    broken(
      url,
      `${url}        name: crm\n      - { name: crm, pipelineHookInputName: upper, webHookUrl: "https://b.example/" }\n`,
    ),
    ['error shout.yaml:46 spec.eventHook.webHooks[1]: a second webhook "crm", expected each name once'],
  ],
]);
