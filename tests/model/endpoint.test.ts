import assert from "node:assert/strict";
import type { EndpointPlan } from "../../pipelines/model/plan/plan";
import {
  broken,
  describeFaults,
  endpointOf,
  planOf,
  problemsOf,
  withPathField,
} from "./documents-under-test";

/** The sound documents with a field more in the endpoint. */
function withField(field: string): string {
  return broken("  endpoint:\n", `  endpoint:\n    ${field}\n`);
}

const faultAt = "error shout.yaml:34 spec.endpoint";

/** Fields of a path that takes a media stream. */
const stream = "endpointType: RTMP\n        messageDataType: FileReference";

describe("who may call an endpoint", () => {
  const authentication = (fields: string): EndpointPlan =>
    endpointOf(planOf(withField(`authentication: ${fields}`)));

  it("is everybody, unless it says otherwise", () => {
    assert.equal(endpointOf(planOf(withField("replicas: 1"))).authentication, undefined);
  });

  it("is each caller that it names, by a key of its own", () => {
    const plan = authentication("{ apiKeys: { callers: [shop, erp] } }");
    assert.deepEqual(plan.authentication, {
      kind: "apiKeys",
      folder: "/etc/algorun/api-keys",
      callers: ["erp", "shop"],
    });
    assert.deepEqual(plan.config["authentication"], {
      apiKeys: { header: "x-api-key", folder: "/etc/algorun/api-keys", digest: "sha256" },
    });
  });

  it("is each caller in a Secret", () => {
    const plan = authentication("{ apiKeys: { secretName: callers } }");
    assert.deepEqual(plan.authentication, {
      kind: "apiKeys",
      folder: "/etc/algorun/api-keys",
      callers: [],
      secretName: "callers",
    });
  });

  it("is who has a token of an issuer, whose keys the gateway may fetch", () => {
    const jwt = '{ issuer: i, jwksUri: "https://id.acme.example:8443/keys", audiences: [b, a] }';
    const plan = authentication(`{ jwt: ${jwt} }`);
    const want = { issuer: "i", jwksUri: "https://id.acme.example:8443/keys", audiences: ["a", "b"] };
    assert.deepEqual(plan.authentication, { kind: "jwt", ...want });
    assert.deepEqual(plan.config["authentication"], { jwt: { header: "authorization", ...want } });
    assert.deepEqual(plan.network.egress, [
      { to: "kafka" },
      { to: "issuer", host: "id.acme.example", port: 8443 },
    ]);
  });
});

describeFaults("callers that can't be told", [
  [
    "neither keys nor tokens",
    withField("authentication: {}"),
    [`${faultAt}.authentication: found neither, expected either apiKeys or jwt`],
  ],
  [
    "both keys and tokens",
    withField(
      "authentication: { apiKeys: { callers: [a] }, jwt: { issuer: i, jwksUri: 'https://id.example/k', audiences: [a] } }",
    ),
    [`${faultAt}.authentication: found both, expected either apiKeys or jwt`],
  ],
  [
    "nobody's keys",
    withField("authentication: { apiKeys: {} }"),
    [
      `${faultAt}.authentication.apiKeys: found neither, expected either callers, for whom keys are made, or secretName, a Secret that has their digests`,
    ],
  ],
  [
    "a caller twice",
    withField("authentication: { apiKeys: { callers: [a, b, a] } }"),
    [`${faultAt}.authentication.apiKeys.callers[2]: a second caller "a", expected each name once`],
  ],
  [
    "keys of an issuer that travel in clear",
    withField("authentication: { jwt: { issuer: i, jwksUri: 'http://id.example/k', audiences: [a] } }"),
    [
      `${faultAt}.authentication.jwt.jwksUri: found "http://id.example/k", expected https: who can change these keys on their way can call as anybody`,
    ],
  ],
  [
    "an issuer in the gateway's own pod",
    withField("authentication: { jwt: { issuer: i, jwksUri: 'https://localhost/k', audiences: [a] } }"),
    [
      `${faultAt}.authentication.jwt.jwksUri: found localhost, which is the gateway's own pod or node, expected an issuer's host`,
    ],
  ],
  [
    "an issuer that a network policy can't open",
    withField("authentication: { jwt: { issuer: i, jwksUri: 'https://id.corp/k', audiences: [a] } }"),
    [
      `${faultAt.replace("error", "warning")}.authentication.jwt.jwksUri: id.corp looks like a name of a private network, where a network policy lets nobody go by name; give its address, or service.namespace.svc`,
    ],
  ],
  [
    "callers of media streams alone",
    withPathField(stream).replace(
      "  endpoint:\n",
      "  endpoint:\n    authentication: { apiKeys: { callers: [a] } }\n",
    ),
    [
      `${faultAt}.authentication: has no effect: all paths are media streams, which have keys of their own; remove it`,
    ],
  ],
]);

describe("the most that a request may bring", () => {
  const most = (field: string, more = ""): number | undefined =>
    endpointOf(planOf(withPathField(field).replace("  endpoint:\n", `  endpoint:\n${more}`))).paths[0]
      ?.maxBodyBytes;

  it("fits into a message with its headers", () => {
    assert.equal(most("endpointType: HTTP"), 1_048_588 - 65_536);
    assert.equal(
      most("topic: { outputName: texts, topicParams: [{ name: max.message.bytes, value: 5000000 }] }"),
      5_000_000 - 65_536,
    );
    assert.equal(
      most("endpointType: gRPC", "    kafka: { params: { message.max.bytes: '100000' } }\n"),
      100_000 - 65_536,
    );
  });

  it("is a gibibyte where bytes go to object storage", () => {
    assert.equal(most("messageDataType: FileReference"), 1_073_741_824);
  });

  it("is what the document says", () => {
    assert.equal(most("maxBodySize: 10Ki"), 10_240);
    assert.equal(most("maxBodySize: 5000"), 5000);
    assert.equal(most("messageDataType: FileReference\n        maxBodySize: 5Gi"), 5 * 1024 ** 3);
  });

  it("doesn't bound a media stream, whose time may be bounded", () => {
    const [path] = endpointOf(planOf(withPathField(`${stream}\n        maxDuration: 1h30m`))).paths;
    assert.deepEqual([path?.maxBodyBytes, path?.maxStreamSeconds], [undefined, 5400]);
  });
});

describeFaults("limits that can't hold", [
  [
    "a body that Kafka would refuse",
    withPathField("maxBodySize: 5Mi"),
    [
      "error shout.yaml:36 spec.endpoint.paths[0].maxBodySize: found 5Mi, expected at most 983052 bytes, since a message also has headers and Kafka takes 1048588 bytes; raise max.message.bytes in the topicParams of the path's topic, or set messageDataType: FileReference",
    ],
  ],
  [
    "a body of no bytes",
    withPathField("maxBodySize: 500m"),
    [
      'error shout.yaml:36 spec.endpoint.paths[0].maxBodySize: found "500m", expected a number of bytes such as 500Ki or 10Mi',
    ],
  ],
  [
    "the body of a media stream",
    withPathField(`${stream}\n        maxBodySize: 5Mi`),
    [
      "error shout.yaml:38 spec.endpoint.paths[0].maxBodySize: has no effect on a media stream, which has no body; remove it",
    ],
  ],
  [
    "the duration of a request",
    withPathField("maxDuration: 5m"),
    [
      "error shout.yaml:36 spec.endpoint.paths[0].maxDuration: has no effect on a path for HTTP, expected endpointType: RTMP",
    ],
  ],
  [
    "a media stream whose pieces are in its messages",
    withPathField("endpointType: RTMP\n        messageDataType: Embedded"),
    [
      "error shout.yaml:37 spec.endpoint.paths[0].messageDataType: found Embedded, expected FileReference, since the pieces of a media stream are objects in storage; state messageDataType: FileReference",
    ],
  ],
  [
    "a media stream that does not say where its pieces are",
    withPathField("endpointType: RTMP"),
    [
      "error shout.yaml:35 spec.endpoint.paths[0].messageDataType: found Embedded, expected FileReference, since the pieces of a media stream are objects in storage; state messageDataType: FileReference",
    ],
  ],
  [
    "a stream that is over before anybody asks",
    withPathField(`${stream}\n        maxDuration: 30s`),
    [
      "error shout.yaml:38 spec.endpoint.paths[0].maxDuration: found 30s, expected whole seconds and at least 1m",
    ],
  ],
]);

describe("the settings of the gateway's producer", () => {
  const params = (fields: string): string => withField(`kafka: { params: { ${fields} } }`);

  it("are those of the document, without what is the platform's business", () => {
    const text = params(
      "linger.ms: '5', acks: all, client.id: me, bootstrap.servers: 'b:9092', sasl.password: hush, compression.type: zstd",
    );
    assert.deepEqual(endpointOf(planOf(text)).config["kafka"], {
      params: { acks: "all", "client.id": "me", "compression.type": "zstd", "linger.ms": "5" },
    });
    assert.deepEqual(problemsOf(text), [
      "warning shout.yaml:34 spec.endpoint.kafka.params.bootstrap.servers: bootstrap.servers is not used, since the platform's is; remove it",
      "warning shout.yaml:34 spec.endpoint.kafka.params.sasl.password: sasl.password is not used, since the platform's is; remove it",
    ]);
  });

  const faults: readonly (readonly [given: string, want: string])[] = [
    [
      "linger.m: '5'",
      'error shout.yaml:34 spec.endpoint.kafka.params.linger.m: linger.m is no setting of the gateway\'s Kafka producer; did you mean "linger.ms"?',
    ],
    [
      "linger.ms: soon",
      'error shout.yaml:34 spec.endpoint.kafka.params.linger.ms: found "soon", expected a whole number from 0 to 900000',
    ],
    [
      "compression.type: zip",
      'error shout.yaml:34 spec.endpoint.kafka.params.compression.type: found "zip", expected "none", "gzip", "snappy", "lz4" or "zstd"',
    ],
    [
      "toString: '1'",
      "error shout.yaml:34 spec.endpoint.kafka.params.toString: toString is no setting of the gateway's Kafka producer",
    ],
    [
      "retries: '3'",
      "warning shout.yaml:34 spec.endpoint.kafka.params.retries: retries has no effect on the gateway's producer; remove it",
    ],
    [
      "acks: '1'",
      "warning shout.yaml:34 spec.endpoint.kafka.params.acks: with acks 1, callers are told that a message is safe before its copies are; remove it, or set it to all",
    ],
  ];
  for (const [given, want] of faults) {
    it(`are checked: ${given}`, () => {
      assert.deepEqual(problemsOf(params(given)), [want]);
    });
  }
});

describeFaults("a write-ahead log that can't work", [
  [
    "a path in place of its topic",
    withField("producer: { wal: { always_topics: [texts] } }"),
    [
      `${faultAt}.producer.wal.always_topics[0]: found "texts", expected a topic of the endpoint: algorun.acme.shout.endpoint.0.texts, the topic of this path`,
    ],
  ],
  [
    "a topic that always and never uses it",
    withField(
      "producer: { wal: { always_topics: [algorun.acme.shout.endpoint.0.texts], disable_topics: ['algorun.{deploymentowner}.{deploymentname}.endpoint.0.texts'] } }",
    ),
    [
      "warning shout.yaml:34 spec.endpoint.producer.wal.disable_topics: algorun.acme.shout.endpoint.0.texts is also in always_topics, which counts; remove it from one of them",
    ],
  ],
  [
    "more memory than the container has",
    withField(
      "resources: { limits: { memory: 256Mi } }\n    producer: { wal: { in_memory: true, size: 256Mi } }",
    ),
    [
      "error shout.yaml:35 spec.endpoint.producer.wal.size: found 256Mi, expected less than endpoint.resources.limits.memory of 256Mi, in which a log in memory is counted",
    ],
  ],
  [
    "much memory, and nothing said about the container's",
    withField("producer: { wal: { in_memory: true, size: 256Mi } }"),
    [
      `${faultAt}.producer.wal.size: found 256Mi, expected less than endpoint.resources.limits.memory, in which a log in memory is counted`,
    ],
  ],
  [
    "a storage class of a log in memory",
    withField("producer: { wal: { in_memory: true, storageClass: fast } }"),
    [`${faultAt}.producer.wal.storageClass: has no effect with in_memory: true; remove one of them`],
  ],
]);
