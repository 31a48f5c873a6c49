import assert from "node:assert/strict";
import fc from "fast-check";
import { planOf, platform } from "./documents-under-test";

/** What a topic states. */
interface Stated {
  readonly copies?: number | undefined;
  readonly largest?: number | undefined;
}

/** A hook that gets two topics, of which each may state something. */
function document(texts: Stated, upper: Stated): string {
  const stated = ({ copies, largest }: Stated): string =>
    [
      copies === undefined ? "" : `, replicationFactor: ${copies}`,
      largest === undefined ? "" : `, topicParams: [{ name: max.message.bytes, value: ${largest} }]`,
    ].join("");
  return `apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: shout
  pipelineOwner: acme
  pipelineName: shout
  pipelineVersionTag: "1.0"
  endpoint:
    paths: [{ name: texts, contentType: text/plain, topic: { outputName: texts, partitions: 1${stated(texts)} } }]
  algos:
    - version: "1.0"
      topics: [{ outputName: Upper, partitions: 1${stated(upper)} }]
      spec:
        owner: acme
        name: upper
        executor: http
        versions: [{ versionTag: "1.0", image: { repository: acme/upper, tag: "1.0" } }]
        inputs: [{ name: Text, inputDeliveryType: Http, contentTypes: [text/plain], http: { port: 8080 } }]
        outputs: [{ name: Upper, outputDeliveryType: HttpResponse, contentType: text/plain }]
  eventHook:
    webHooks: [{ pipelineHookInputName: any, webHookUrl: "https://hooks.acme.example/any" }]
  pipes:
    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/upper:1.0[1]", destInputName: Text }
    - { sourceName: Endpoint, sourceOutputName: texts, destName: EventHook, destInputName: any }
    - { sourceName: "acme/upper:1.0[1]", sourceOutputName: Upper, destName: EventHook, destInputName: any }
`;
}

describe("the topic of dead letters", () => {
  it("has as many copies as each topic that it serves, and never more that must be in sync", () => {
    const stated = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined });
    fc.assert(
      fc.property(stated, stated, fc.integer({ min: 1, max: 6 }), (texts, upper, usual) => {
        const kafka = { ...platform.kafka, brokerCount: 6, defaultReplicationFactor: usual };
        const { topics } = planOf(document({ copies: texts }, { copies: upper }), { ...platform, kafka });
        const copiesOf = (ending: string): number => {
          const topic = topics.find(({ name }) => name.endsWith(ending));
          assert.ok(topic, ending);
          const copies = topic.replicationFactor ?? usual;
          assert.ok(Number(topic.parameters["min.insync.replicas"] ?? 1) <= copies, ending);
          return copies;
        };
        const sources = [copiesOf(".texts"), copiesOf(".upper.1.upper")];
        assert.equal(copiesOf(".hook.0.dead-letters"), Math.max(...sources));
        assert.equal(copiesOf(".upper.1.dead-letters"), sources[0]);
      }),
    );
  });

  it("takes the largest message of each topic that it serves, with headers, stated or Kafka's default", () => {
    const stated = fc.option(fc.integer({ min: 1_000, max: 20_000_000 }), { nil: undefined });
    fc.assert(
      fc.property(stated, stated, (texts, upper) => {
        const { topics } = planOf(document({ largest: texts }, { largest: upper }));
        const takes = (ending: string): number =>
          Number(topics.find(({ name }) => name.endsWith(ending))?.parameters["max.message.bytes"]);
        const [most, ofTexts] = [Math.max(texts ?? 1_048_588, upper ?? 1_048_588), texts ?? 1_048_588];
        assert.ok(takes(".hook.0.dead-letters") >= most + 8_192);
        assert.ok(takes(".upper.1.dead-letters") >= ofTexts + 8_192);
      }),
    );
  });
});
