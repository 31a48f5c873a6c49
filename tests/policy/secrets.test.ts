import assert from "node:assert/strict";
import * as fc from "fast-check";
import { hiddenSecrets } from "../../policies/secrets";
import { goodDeployment, runner, withField } from "./fixtures";
import { judge, type Given } from "./harness";

function configMap(
  data: Readonly<Record<string, string>>,
  binaryData: Readonly<Record<string, string>> = {},
): Given {
  return {
    type: "kubernetes:core/v1:ConfigMap",
    name: "settings",
    parents: ["algorun:data:KafkaCluster", "algorun:workload:StatefulSetWorkload"],
    props: { metadata: { name: "kafka", namespace: "algorun" }, data, binaryData },
  };
}

function foundIn(text: string, key = "file"): string[] {
  return judge(hiddenSecrets, configMap({ [key]: text })).map(({ found }) => found);
}

function foundInVariable(name: string, value: string): string[] {
  const given = withField(goodDeployment, [...runner, "env", 0], { name, value });
  return judge(hiddenSecrets, given).map(({ found }) => found);
}

/** Configuration as our systems need it: it speaks of secrets a lot, and holds none. */
const innocent: Readonly<Record<string, string>> = {
  "Kafka's server.properties": `
listeners=INTERNAL://:9092,CLIENTS://:9094
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.clients.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.internal.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="broker" password="\${file:/etc/kafka/access/broker.properties:value}";
ssl.keystore.type=PEM
ssl.key.password=\${file:/etc/kafka/tls/key.properties:password}
config.providers=file
password.encoder.iterations=4096
delegation.token.max.lifetime.ms=604800000`,
  "Prometheus' configuration": `
scrape_configs:
  - job_name: kubernetes-pods
    authorization:
      credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token
    basic_auth: { username: prometheus, password_file: /etc/prometheus/password }
    bearer_token_file: /var/run/token
    relabel_configs:
      - source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape]
        regex: "true"
    static_configs: [{ targets: ["kafka.algorun.svc:9404"] }]
rule_files: [/etc/prometheus/rules/*.yaml]`,
  "alert rules": `
- alert: PasswordRejected
  expr: sum(rate(kafka_failed_authentication_total[5m])) by (listener) > 0
  annotations:
    description: "A client shows a wrong password to {{ $labels.listener }}: check its Secret"`,
  "Grafana's configuration": `
[security]
admin_user = admin
admin_password = $__file{/etc/grafana/access/admin}
secret_key = $__file{/etc/grafana/access/key}
[auth.basic]
disable_login_form = false
[database]
url = postgres://grafana:$__file{/etc/db}@sql.algorun.svc:5432/grafana
;password = example`,
  "Grafana's data sources": `
datasources:
  - name: PostgreSQL
    user: reader
    secureJsonData: { password: $POSTGRES_READER }
    jsonData: { sslmode: disable, tokenSecret: null }`,
  "a dashboard": `{"templating":{"list":[{"name":"password","type":"password"}]},"fieldConfig":{"defaults":{"token":""}},"secret":{}}`,
  "PostgreSQL's configuration": `
password_encryption = 'scram-sha-256'
hba_file = '/etc/postgresql/pg_hba.conf'
host all all 0.0.0.0/0 scram-sha-256
ssl_key_file = '/etc/tls/tls.key'`,
  "an SQL start script": `
psql -v password="$(cat /run/access/algorun)" <<'SQL'
CREATE ROLE algorun LOGIN PASSWORD :'password';
SQL`,
  "a MariaDB start script": `CREATE USER 'algorun'@'%' IDENTIFIED BY '\${ALGORUN_WORD}';`,
  "Redis' configuration": `
port 6379
# requirepass comes from the command line
aclfile /run/access/users.acl
protected-mode yes`,
  "an nginx configuration": `
location / { proxy_pass http://user-service.algorun.svc:8080/; }
secure_link_md5 "$secure_link_expires$uri";`,
  "the certificate of an authority":
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2FydGlmaWNhdGU\n-----END CERTIFICATE-----",
  "a runner's configuration": `{"kafka":{"passwordFile":"/etc/access/password","saslMechanism":"SCRAM-SHA-512"},"maxTokens":4096,"stopToken":"</s>"}`,
  "an address with a port": "http://minio.algorun.svc:9000/bucket@2, redis://:6379, s3://bucket/a:b@c",
};

/** Texts that hold a secret, and what it is said to be. */
const guilty: readonly (readonly [what: string, text: string, looksLike: string])[] = [
  ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIE\n", "a private key in line 1"],
  ["an RSA key in JSON", '{"key":"-----BEGIN RSA PRIVATE KEY-----\\nMIIE"}', "a private key"],
  [
    "a JAAS configuration",
    'port=1\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="a" password="p4ss";',
    "a JAAS configuration with a password in line 2",
  ],
  [
    "a PostgreSQL address",
    "url: postgres://algorun:s3cret@sql:5432/algorun",
    "an address with a password in it",
  ],
  ["a Redis address without a user", "REDIS=redis://:s3cret@redis:6379", "an address with a password in it"],
  ["an AWS access key", "id = AKIAIOSFODNN7EXAMPLE", "an AWS access key"],
  [
    "an AWS secret key",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "a value of aws_secret_access_key",
  ],
  [
    "a storage account key",
    "DefaultEndpointsProtocol=https;AccountKey=abcdefghijklmnopqrstuv012345==",
    "a storage account key",
  ],
  ["a GitHub token", `git clone https://ghp_${"a1".repeat(18)}@github.com/x/y`, "a GitHub token"],
  [
    "a Slack address",
    "api_url: https://hooks.slack.com/services/T00000000/B00000000/abcdefgh",
    "a Slack token",
  ],
  [
    "a signed token",
    "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
    "a signed token",
  ],
  ["a YAML password", "basic_auth:\n  password: hunter2", "a value of password in line 2"],
  ["a JSON password", '{"smtp":{"smtpAuthPassword":"hunter2"}}', "a value of smtpAuthPassword"],
  ["a property", "ssl.keystore.password=changeit", "a value of ssl.keystore.password"],
  ["a client secret", "client_secret: 8f14e45fceea167a5a36dedd4bea2543", "a value of client_secret"],
  ["an SQL password", "CREATE ROLE algorun LOGIN PASSWORD 'hunter2';", "an SQL password"],
  ["a MariaDB password", "CREATE USER a IDENTIFIED BY 'hunter2';", "an SQL password"],
  ["a Redis password", "port 6379\nrequirepass hunter2", "a Redis password in line 2"],
];

describe("policy hidden-secrets", () => {
  for (const [what, text] of Object.entries(innocent)) {
    it(`accepts ${what}`, () => {
      assert.deepEqual(foundIn(text), []);
    });
  }

  for (const [what, text, looksLike] of guilty) {
    it(`refuses ${what}, also among innocent lines`, () => {
      assert.deepEqual(foundIn(text), [`the key file holds ${looksLike}`]);
      const noise = Object.values(innocent).join("\n");
      assert.equal(foundIn(`${noise}\n${text}\n${noise}`).length, 1);
    });
  }

  it("refuses a key that is named like a password, and says where to look", () => {
    assert.deepEqual(judge(hiddenSecrets, configMap({ "admin-password": "hunter2\n" })), [
      {
        policy: "hidden-secrets",
        where: "ConfigMap algorun/kafka, data.admin-password",
        found: "the key admin-password holds a secret by its name",
        fix: "keep it in a Secret, mount that as a file, and refer to the file (or to the variable that is set from the Secret)",
        edit: "component KafkaCluster in components/data, or algorun:kafka in the stack's config",
      },
    ]);
  });

  it("refuses a private key in binary data", () => {
    const encoded = Buffer.from("-----BEGIN EC PRIVATE KEY-----\nMHcC").toString("base64");
    assert.deepEqual(
      judge(hiddenSecrets, configMap({}, { "tls.key": encoded })).map(({ found }) => found),
      ["the key tls.key holds a private key"],
    );
    assert.deepEqual(
      judge(hiddenSecrets, configMap({}, { model: Buffer.from([0, 255, 7]).toString("base64") })),
      [],
    );
  });

  const variables: readonly (readonly [name: string, value: string, isSecret: boolean])[] = [
    ["KAFKA_AUTH_PASSWORD", "hunter2", true],
    ["PGPASSWORD", "x", true],
    ["MINIO_ROOT_PASSWORD", "minio123", true],
    ["clientSecret", "8f14e45fceea167a5a36", true],
    ["GITHUB_TOKEN", "abcdef0123456789", true],
    ["AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", true],
    ["DATABASE", "mysql://algorun:hunter2@sql/algorun", true],
    ["JAVA_OPTS", "-Xmx1g -Djavax.net.ssl.keyStorePassword=changeit", true],
    ["KAFKA_AUTH_PASSWORD", "$(OTHER)", false],
    ["KAFKA_AUTH_PASSWORD", "", false],
    ["POSTGRES_PASSWORD_FILE", "/run/access/password", false],
    ["PASSWORD", "/run/access/password", false],
    ["GF_SECURITY_ADMIN_PASSWORD__FILE", "/etc/grafana/admin", false],
    ["PWD", "/app", false],
    ["DISABLE_TOKEN", "true", false],
    ["STOP_TOKEN", "</s>", false],
    ["PULL_SECRET", "registry-credentials", false],
    ["SECRET_NAME", "runner-0a1b2c3d4e5f6a7b", false],
    ["KAFKA_BROKERS", "kafka:9093", false],
    ["AWS_ACCESS_KEY", "minio", false],
  ];
  for (const [name, value, isSecret] of variables) {
    it(`${isSecret ? "refuses" : "accepts"} the variable ${name}=${value}`, () => {
      assert.equal(foundInVariable(name, value).length, isSecret ? 1 : 0);
    });
  }

  it("reports a variable once, however many signs of a secret it has", () => {
    assert.equal(foundInVariable("REDIS_PASSWORD", "redis://:hunter2@redis").length, 1);
  });

  it("accepts a variable that is set from a Secret", () => {
    assert.deepEqual(judge(hiddenSecrets, goodDeployment), []);
  });

  it("refuses secrets among arguments, beside their flag or inside it", () => {
    const given = withField(
      goodDeployment,
      [...runner, "args"],
      ["--user", "a", "--password", "hunter2", "--db-password=hunter2"],
    );
    assert.deepEqual(
      judge(hiddenSecrets, given).map(({ where, found }) => ({ where: where.split("[0].")[1], found })),
      [
        { where: "args[3]", found: 'number 4 of the args of container "runner" holds a secret by its name' },
        {
          where: "args[4]",
          found: 'number 5 of the args of container "runner" holds a value of db-password',
        },
      ],
    );
  });

  it("takes names that hold no secret from its configuration", () => {
    const config = { ignoredNames: ["REVIEW_TOKEN", "password"] };
    const given = withField(goodDeployment, [...runner, "env", 0], {
      name: "REVIEW_TOKEN",
      value: "abcdef0123456789",
    });
    assert.equal(judge(hiddenSecrets, given).length, 1);
    assert.deepEqual(judge(hiddenSecrets, given, { config }), []);
    assert.deepEqual(judge(hiddenSecrets, configMap({ file: "password: example" }), { config }), []);
  });

  it("never repeats the secret", () => {
    const secret = fc.stringMatching(/^[A-Za-z]{8}[\d]{4}[A-Za-z\d]{8,20}$/);
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom("password: X", "redis://:X@h", 'LoginModule required password="X";'),
        (value, text) => {
          const violations = [
            ...judge(hiddenSecrets, configMap({ file: text.replace("X", value), password: value })),
            ...judge(hiddenSecrets, withField(goodDeployment, [...runner, "args", 0], `--token=${value}`)),
          ];
          assert.equal(violations.length, 3);
          assert.ok(!JSON.stringify(violations).includes(value));
        },
      ),
    );
  });
});
