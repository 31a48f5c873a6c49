import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bucketName,
  componentName,
  defaultTopicName,
  environmentName,
  fillTopicName,
  kubernetesName,
  labelValue,
  topicNameFault,
} from "../../pipelines/model/values/names";

const ownerOrName = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,90}[A-Za-z0-9])?$/);
const portName = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9 ._-]{0,40}[A-Za-z0-9])?$/);

describe("names", () => {
  it("are valid DNS labels whatever they are made of", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.match(kubernetesName(text), /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
        assert.match(componentName(text), /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/);
      }),
    );
  });

  it("are valid label values", () => {
    fc.assert(
      fc.property(ownerOrName, ownerOrName, (owner, name) => {
        assert.match(labelValue(`${owner}.${name}`), /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
      }),
    );
  });

  it("keep what is short and shorten what is long by a hash of the whole", () => {
    assert.equal(kubernetesName("algorun-local-Test_deployment"), "algorun-local-test-deployment");
    const long = "a".repeat(80);
    assert.notEqual(kubernetesName(`${long}b`), kubernetesName(`${long}c`));
    assert.equal(kubernetesName(`${long}b`).length, 63);
    assert.equal(kubernetesName(`${long}b`), kubernetesName(`${long}b`));
  });

  it("are valid Kafka topics when made automatically", () => {
    fc.assert(
      fc.property(ownerOrName, ownerOrName, ownerOrName, portName, (owner, name, component, output) => {
        assert.equal(topicNameFault(defaultTopicName(owner, name, component, output)), undefined);
      }),
    );
  });

  it("are valid S3 buckets", () => {
    fc.assert(
      fc.property(ownerOrName, ownerOrName, (owner, name) => {
        const bucket = bucketName(owner, name);
        assert.match(bucket, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
        assert.doesNotMatch(bucket, /\.\.|\.-|-\./);
      }),
    );
  });

  it("of environment variables are valid", () => {
    fc.assert(
      fc.property(portName, (output) => {
        assert.match(environmentName("KAFKA_OUTPUT_TOPIC_", output), /^KAFKA_OUTPUT_TOPIC_[A-Z0-9_]+$/);
      }),
    );
    assert.equal(environmentName("KAFKA_INPUT_TOPIC_", "Order lines.v2"), "KAFKA_INPUT_TOPIC_ORDER_LINES_V2");
  });

  it("of topics have both placeholders filled in and are lower-cased", () => {
    assert.equal(
      fillTopicName("AlgoRun.{DeploymentOwner}.{deploymentname}.X", "Acme", "Shout"),
      "algorun.acme.shout.x",
    );
  });

  const faults: readonly (readonly [name: string, want: string])[] = [
    ["a".repeat(250), "250 characters, expected at most 249"],
    ["acme.{owner}", "the placeholder {owner}, expected only {deploymentowner} and {deploymentname}"],
    ["acme orders", "a character that Kafka does not allow, expected letters, digits, '.', '_' and '-'"],
    ["..", "a name that Kafka reserves"],
    ["__offsets", "a name of Kafka's own, expected one that does not begin with '__'"],
  ];
  for (const [name, want] of faults) {
    it(`of topics such as ${name.slice(0, 20)} are refused`, () => {
      assert.equal(topicNameFault(name), want);
    });
  }
});
