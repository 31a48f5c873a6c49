/** Outputs that AWS adds to the arguments, where the program reads them. */
export function awsState(type: string, name: string): Readonly<Record<string, unknown>> {
  return { arn: `arn:aws:${type}:${name}`, ...outputs[type]?.(name) };
}

const outputs: Readonly<Record<string, (name: string) => Readonly<Record<string, unknown>>>> = {
  "aws:elasticache/replicationGroup:ReplicationGroup": (name) => ({
    primaryEndpointAddress: `${name}.cache.example`,
  }),
  "aws:kms/key:Key": (name) => ({ keyId: `${name}-key-id` }),
  "aws:msk/cluster:Cluster": (name) => ({
    bootstrapBrokersSaslScram: brokers(name, 9096),
    bootstrapBrokersSaslIam: brokers(name, 9098),
  }),
  "aws:msk/configuration:Configuration": () => ({ latestRevision: 1 }),
  "aws:rds/instance:Instance": (name) => ({ address: `${name}.rds.example` }),
};

function brokers(cluster: string, port: number): string {
  return [1, 2, 3].map((broker) => `b-${broker}.${cluster}.example:${port}`).join(",");
}
