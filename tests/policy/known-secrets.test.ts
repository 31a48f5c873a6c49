import assert from "node:assert/strict";
import { hiddenSecrets } from "../../policies/secrets";
import { goodDeployment, runner, withField } from "./fixtures";
import { judgeStack, unknownUntilUpdate, type Given } from "./harness";

const generated: Given = {
  type: "random:index/randomPassword:RandomPassword",
  name: "grafana-admin",
  props: { length: 24, result: "q7Gk2ZpXw9LmB4tR" },
};

function configMap(value: string): Given {
  return {
    type: "kubernetes:core/v1:ConfigMap",
    name: "grafana",
    props: { metadata: { name: "grafana" }, data: { "grafana.ini": value } },
  };
}

function leaks(...resources: readonly Given[]): string[] {
  return judgeStack(hiddenSecrets, resources).map(({ where, found }) => `${where}: ${found}`);
}

describe("policy hidden-secrets over a whole stack", () => {
  it("accepts a generated password that only Secrets hold", () => {
    const secret = {
      type: "kubernetes:core/v1:Secret",
      name: "grafana",
      props: { stringData: { password: "q7Gk2ZpXw9LmB4tR" } },
    };
    assert.deepEqual(leaks(generated, secret, configMap("admin = from a file"), goodDeployment), []);
  });

  it("finds a generated password in a ConfigMap, whatever its name there", () => {
    assert.deepEqual(leaks(configMap("greeting = hello-q7Gk2ZpXw9LmB4tR"), generated), [
      'ConfigMap grafana, data["grafana.ini"]: it holds the value of RandomPassword "grafana-admin" in plain text',
    ]);
  });

  it("finds it anywhere in an object of Kubernetes", () => {
    const deployment = withField(goodDeployment, [...runner, "args", 0], "q7Gk2ZpXw9LmB4tR");
    const mapping: Given = {
      type: "kubernetes:getambassador.io/v3alpha1:Mapping",
      name: "route",
      props: { metadata: { name: "route" }, spec: { headers: { "x-key": "q7Gk2ZpXw9LmB4tR" } } },
    };
    assert.equal(leaks(generated, deployment, mapping).length, 2);
  });

  it("knows passwords of Kafka users and values of Secrets", () => {
    const user: Given = {
      type: "kafka:index/userScramCredential:UserScramCredential",
      name: "algo",
      props: { username: "local.test.algo", password: "user-password-1" },
    };
    const secret: Given = {
      type: "kubernetes:core/v1:Secret",
      name: "storage",
      props: {
        data: {
          "access-key": Buffer.from("stored-key-0123").toString("base64"),
          user: Buffer.from("local.test.algo").toString("base64"),
        },
        stringData: { "root-password": "typed-password-1" },
      },
    };
    assert.deepEqual(leaks(user, secret, configMap("local.test.algo")), []);
    for (const value of ["user-password-1", "stored-key-0123", "typed-password-1"]) {
      assert.equal(leaks(user, secret, configMap(value)).length, 1, value);
    }
  });

  it("says nothing of short values, which turn up by chance", () => {
    const short = withField(generated, ["result"], "admin");
    assert.deepEqual(leaks(short, configMap("user = admin")), []);
  });

  it("says nothing of values that are not known yet", () => {
    assert.deepEqual(leaks(withField(generated, ["result"], unknownUntilUpdate), configMap("anything")), []);
  });
});
