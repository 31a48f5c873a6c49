/** Settings of `aws`, complete. */
export const awsSettings = {
  name: "acme-prod",
  region: "eu-central-1",
  accountId: "123456789012",
  vpcId: "vpc-0a1b2c",
  subnets: [
    { id: "subnet-0a", addressBlock: "10.0.1.0/24" },
    { id: "subnet-0b", addressBlock: "10.0.2.0/24" },
    { id: "subnet-0c", addressBlock: "10.0.3.0/24" },
  ],
  clientSecurityGroupIds: ["sg-0d"],
  oidcProviderArn: "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/ABC",
} as const;

/** Networks of external systems and endpoints under test. */
export const externalBlock = "203.0.113.0/24";

/** A setting of each mode of each system that a stack can switch. */
export const systemModes = {
  kafka: {
    cluster: { mode: "cluster" },
    msk: { mode: "msk" },
    external: {
      mode: "external",
      bootstrapServers: ["kafka.example.com:9096"],
      brokers: 3,
      addressBlocks: [externalBlock],
      administration: { bootstrapServers: ["kafka.example.com:9096"], username: "admin" },
    },
  },
  objectStorage: {
    minio: { engine: "minio" },
    seaweedfs: { engine: "seaweedfs" },
    s3: { engine: "s3", addressBlocks: [externalBlock] },
    external: {
      engine: "external",
      endpoint: "https://storage.example.com",
      region: "us-east-1",
      accessKeyId: "key",
      addressBlocks: [externalBlock],
    },
  },
  sql: {
    cluster: {},
    rds: { mode: "rds" },
    external: { mode: "external", host: "sql.example.com", addressBlocks: [externalBlock] },
  },
  redis: {
    cluster: {},
    elasticache: { mode: "elasticache" },
    external: { mode: "external", endpoint: "redis.example.com:6380", addressBlocks: [externalBlock] },
  },
} as const;
