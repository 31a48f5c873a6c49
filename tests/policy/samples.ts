import { goodDeployment, goodTemplate as template, type Data } from "./fixtures";
import type { Given } from "./harness";
import { acl, object, topic } from "./objects";

const peers = [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }];
const selector = { matchLabels: { app: "runner" }, matchExpressions: [{ key: "app", operator: "Exists" }] };

function other(type: string, props: Readonly<Record<string, Data>>): Given {
  return { type, name: "sample", props };
}

/** Something that makes pods. */
function pods(type: string, name: string, spec: unknown): Given {
  const given = object(type, name);
  return { ...given, props: { ...given.props, spec } };
}

/** Something of every type that a rule looks at, with the fields that it reads. */
export const samples: readonly Given[] = [
  goodDeployment,
  pods("core/v1:Pod", "algorun-local-test/pod", template.spec),
  pods("batch/v1:CronJob", "algorun-local-test/cron", {
    jobTemplate: { spec: { activeDeadlineSeconds: 60, parallelism: 2, template } },
  }),
  pods("batch/v1:Job", "algorun-local-test/job", { ttlSecondsAfterFinished: 60, template }),
  pods("apps/v1:StatefulSet", "algorun-local-test/set", {
    replicas: 2,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain" },
    volumeClaimTemplates: [
      { spec: { storageClassName: "fast", resources: { requests: { storage: "1Gi" } } } },
    ],
    template,
  }),
  pods("example.org/v1:Workflow", "algorun-local-test/flow", { template }),
  object("core/v1:ConfigMap", "algorun-local-test/settings", {
    data: { "server.properties": "listener.security.protocol.map=A:SASL_SSL" },
    binaryData: { file: "AAAA" },
  }),
  object("core/v1:Secret", "algorun-local-test/kafka", { type: "Opaque", stringData: { username: "user" } }),
  object("core/v1:Namespace", "algorun-local-test", { metadata: { name: "algorun-local-test", labels: {} } }),
  object("core/v1:Service", "algorun-local-test/runner", {
    spec: {
      type: "LoadBalancer",
      selector: { app: "runner" },
      externalIPs: [],
      loadBalancerSourceRanges: [],
    },
  }),
  object("core/v1:ServiceAccount", "algorun-local-test/runner", { automountServiceAccountToken: false }),
  object("core/v1:PersistentVolumeClaim", "algorun-local-test/data", {
    spec: { resources: { requests: { storage: "1Gi" } } },
  }),
  object("core/v1:ResourceQuota", "algorun-local-test/quota", {
    spec: { hard: { pods: "9", "requests.cpu": "4" }, scopes: ["BestEffort"] },
  }),
  object("core/v1:LimitRange", "algorun-local-test/limits"),
  object("networking.k8s.io/v1:NetworkPolicy", "algorun-local-test/runner", {
    spec: {
      podSelector: selector,
      policyTypes: ["Ingress"],
      ingress: [{ from: [...peers, { namespaceSelector: selector, podSelector: selector }] }],
      egress: [{ to: peers, ports: [{ port: 80, endPort: 90, protocol: "TCP" }] }],
    },
  }),
  object("networking.k8s.io/v1:Ingress", "algorun-local-test/web", { spec: { tls: [] } }),
  object("policy/v1:PodDisruptionBudget", "algorun-local-test/runner", {
    spec: { maxUnavailable: 1, minAvailable: "50%", selector },
  }),
  object("autoscaling/v2:HorizontalPodAutoscaler", "algorun-local-test/runner", {
    spec: { minReplicas: 1, maxReplicas: 2, scaleTargetRef: { name: "runner" } },
  }),
  object("keda.sh/v1alpha1:ScaledObject", "algorun-local-test/runner", {
    spec: { minReplicaCount: 1, maxReplicaCount: 2, scaleTargetRef: { name: "runner" } },
  }),
  object("rbac.authorization.k8s.io/v1:ClusterRole", "reader", {
    rules: [
      { apiGroups: [""], resources: ["pods"], verbs: ["get"], resourceNames: [], nonResourceURLs: ["/x"] },
    ],
  }),
  object("rbac.authorization.k8s.io/v1:ClusterRoleBinding", "reader", {
    roleRef: { name: "reader" },
    subjects: [{ name: "runner" }],
  }),
  object("getambassador.io/v3alpha1:Mapping", "algorun-local-test/route", {
    spec: {
      hostname: "*",
      prefix: "/a/",
      headers: { a: "b" },
      weight: 1,
      timeout_ms: 1,
      cors: { origins: ["*"], credentials: true },
    },
  }),
  object("getambassador.io/v3alpha1:Host", "algorun/host", {
    spec: { tlsSecret: { name: "a" }, requestPolicy: { insecure: { action: "Redirect" } } },
  }),
  topic("algorun.local.test.text", { config: { "retention.ms": "1", "min.insync.replicas": "2" } }),
  acl("User:local.test", "Read", "algorun.local.test.text"),
  other("kafka:index/userScramCredential:UserScramCredential", {
    username: "user",
    password: "generated-password",
  }),
  other("pulumi:providers:kafka", { tlsEnabled: "true", skipTlsVerify: "false" }),
  other("random:index/randomPassword:RandomPassword", {
    length: 24,
    lower: true,
    result: "generated-password",
  }),
  other("aws:msk/cluster:Cluster", {
    encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } },
    clientAuthentication: { sasl: { scram: true }, unauthenticated: false },
    brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type: "DISABLED" } } },
  }),
  other("aws:rds/instance:Instance", { storageEncrypted: true, multiAz: true, backupRetentionPeriod: 7 }),
  other("aws:rds/cluster:Cluster", { storageEncrypted: true, deletionProtection: true }),
  other("aws:elasticache/replicationGroup:ReplicationGroup", { userGroupIds: ["a"], authToken: "a" }),
  other("aws:s3/bucket:Bucket", { bucket: "files", acl: "private", forceDestroy: false }),
  other("aws:s3/bucketPolicy:BucketPolicy", {
    bucket: "files",
    policy: '{"Statement":{"Effect":"Allow","Principal":"*"}}',
  }),
  other("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { bucket: "files", blockPublicAcls: true }),
  other("aws:s3/bucketVersioning:BucketVersioning", {
    bucket: "files",
    versioningConfiguration: { status: "Enabled" },
  }),
  other("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
    bucket: "files",
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
  }),
  other("aws:ec2/securityGroup:SecurityGroup", {
    ingress: [{ fromPort: 1, toPort: 2, protocol: "tcp", cidrBlocks: ["10.0.0.0/8"] }],
  }),
  other("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
    cidrIpv4: "10.0.0.0/8",
    ipProtocol: "tcp",
  }),
  other("aws:iam/policy:Policy", { policy: '{"Statement":[{"Effect":"Allow","Action":["*"]}]}' }),
  other("aws:iam/role:Role", {
    assumeRolePolicy: '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity"}]}',
    inlinePolicies: [{ policy: "{}" }],
  }),
];
