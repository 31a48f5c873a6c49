import { SingleScramSecretAssociation } from "@pulumi/aws/msk";
import { Secret, SecretVersion } from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "../../aws/aws-account";
import { Component } from "../../component";
import type { KafkaUserArgs } from "../../platform-services";

/** Arguments of {@link MskUser}. */
export interface MskUserArgs extends KafkaUserArgs {
  readonly account: AwsAccount;
  readonly clusterName: string;
  readonly clusterArn: pulumi.Input<string>;
}

/**
 * A user of MSK: a secret of Secrets Manager that is associated with the cluster. MSK insists on the beginning of the
 * name and on a key that is not Secrets Manager's own, and gives itself the right to read the secret when the two are
 * associated. A cluster takes 1000 users.
 */
export class MskUser extends Component {
  /** What must exist before the user logs in. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: MskUserArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:MskUser", name, opts);
    const { account, username, password } = args;
    const { provider } = account;
    const secret = this.child(
      Secret,
      "",
      {
        name: `AmazonMSK_${args.clusterName}_${username}`,
        description: `User ${username} of ${args.clusterName}`,
        kmsKeyId: account.keyArn,
        // A user that comes back takes the name again; the password is the stack's, and not lost.
        recoveryWindowInDays: 0,
      },
      { provider, deleteBeforeReplace: true },
    );
    const version = this.child(
      SecretVersion,
      "",
      { secretId: secret.arn, secretString: pulumi.secret(pulumi.jsonStringify({ username, password })) },
      { provider },
    );
    const association = this.child(
      SingleScramSecretAssociation,
      "",
      { clusterArn: args.clusterArn, secretArn: secret.arn },
      // MSK reads the secret there and then.
      { provider, dependsOn: [version], deleteBeforeReplace: true },
    );
    this.ready = [association];
    this.registerOutputs();
  }
}
