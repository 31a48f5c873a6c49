import * as pulumi from "@pulumi/pulumi";

type Texts = pulumi.Input<string> | readonly pulumi.Input<string>[];

/** A statement of a policy, as far as ours need it. */
export interface PolicyStatement {
  /** What it is for; letters and digits only. */
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** In policies of a resource: whom it is about. */
  readonly Principal?: "*" | Principal;
  readonly Action: readonly string[] | string;
  readonly Resource?: Texts;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>;
}

type Principal = { readonly AWS: Texts } | { readonly Federated: Texts } | { readonly Service: Texts };

/** A policy as AWS takes it; what it says keeps its order, so that the text changes only with the meaning. */
export function policyDocument(statements: readonly PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}
