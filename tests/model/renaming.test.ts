import assert from "node:assert/strict";
import fc from "fast-check";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { parseDocuments } from "../../pipelines/model/document/documents";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { formatProblem } from "../../pipelines/model/document/problem";
import { connectorText } from "./connector-documents";
import { algoOf, broken, hookOf, planOf, platform, problemsOf, soundText } from "./documents-under-test";

/** The sound documents with another name, and what it was before. */
function renamed(name: string, previous: string, text = soundText): string {
  return text.replace(
    "  deploymentName: shout\n",
    `  deploymentName: ${name}\n  previousNames: [${previous}]\n`,
  );
}

/** All that holds data, or says how far it was read. */
function dataOf({ topics, components, storageBucket }: PipelinePlan): object {
  return {
    topics,
    groups: components.map(({ identity }) => [identity.consumerGroup, identity.workerGroup]),
    positions: components.map((component) =>
      component.kind === "dataConnector" ? [component.registeredName, component.internalTopics] : [],
    ),
    rights: components.map(({ identity }) => [identity.reads, identity.writes]),
    bucket: storageBucket?.name,
  };
}

const byReference = broken(
  "      - name: texts\n",
  "      - name: texts\n        messageDataType: FileReference\n",
);

describe("a renamed deployment", () => {
  const before = planOf(byReference);
  const after = planOf(renamed("scream", "{ deploymentName: shout }", byReference));

  it("keeps topics, consumer groups and bucket", () => {
    assert.deepEqual(dataOf(after), dataOf(before));
    assert.equal(hookOf(after).config["consumerGroup"], hookOf(before).config["consumerGroup"]);
    assert.equal(
      algoOf(after).runnerConfig?.["consumerGroup"],
      algoOf(before).runnerConfig?.["consumerGroup"],
    );
  });

  it("is otherwise called what it is called now", () => {
    assert.equal(after.id, "acme.scream");
    assert.deepEqual(after.previousNames, ["acme-shout"]);
    assert.equal(algoOf(after).identity.username, "acme.scream.acme-upper-case-1-0-0-1");
    assert.equal(after.namespace, "algorun-acme-scream");
    assert.equal(after.routes[0]?.prefix, "/run/http/acme/scream/");
  });

  it("keeps them through any number of renames, and under another owner", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{3,10}$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 5 }), word, (names, owner) => {
        fc.pre(!names.includes("shout"));
        const [last = "", ...between] = names;
        const previous = ["shout", ...between].map(
          (name) => `{ deploymentOwner: acme, deploymentName: ${name} }`,
        );
        const text = renamed(last, previous.join(", "), byReference);
        const plan = planOf(text.replace("deploymentOwner: acme\n", `deploymentOwner: ${owner}\n`));
        assert.deepEqual(dataOf(plan), dataOf(before));
        assert.deepEqual(plan.previousNames, ["acme-shout", ...between.map((name) => `acme-${name}`)]);
      }),
    );
  });

  it("keeps the place of its data connectors in the other system, and in Kafka", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{3,10}$/);
    fc.assert(
      fc.property(word, word, (name, owner) => {
        const former = "previousNames: [{ deploymentOwner: acme, deploymentName: index }]";
        const text = connectorText
          .replace("deploymentName: index\n", `deploymentName: ${name}\n  ${former}\n`)
          .replace("deploymentOwner: acme\n", `deploymentOwner: ${owner}\n`);
        const renamedPlan = planOf(text);
        assert.deepEqual(dataOf(renamedPlan), dataOf(planOf(connectorText)));
        assert.equal(renamedPlan.id, `${owner}.${name}`);
      }),
    );
  });

  it("fills placeholders with its first name", () => {
    const text = broken(
      "      - name: texts\n",
      "      - name: texts\n        topic: { outputName: texts, topicName: '{deploymentname}.in', autoPartition: true }\n",
    );
    const topics = planOf(renamed("scream", "{ deploymentName: shout }", text)).topics;
    assert.ok(topics.some(({ name }) => name === "shout.in"));
  });

  it("can't leave its first name to another deployment", () => {
    const [algo = ""] = soundText.split("---\n");
    const files = [
      { file: "a.yaml", text: soundText },
      { file: "b.yaml", text: renamed("scream", "{ deploymentName: shout }").replace(`${algo}---\n`, "") },
    ];
    const { problems } = planPipelines(parseDocuments(files), platform);
    assert.deepEqual(
      problems.map(formatProblem).filter((line) => line.includes("previousNames")),
      [
        "b.yaml:6 spec.previousNames[0]: acme.scream and acme.shout (a.yaml:29) both are, or were, called acme.shout, which names topics and consumer groups; give one of them another name",
      ],
    );
  });

  it("was not called what it is called", () => {
    assert.deepEqual(problemsOf(renamed("shout", "{ deploymentName: shout }")), [
      "error shout.yaml:30 spec.previousNames[0]: found acme.shout, which the deployment is called already; remove it",
    ]);
  });
});
