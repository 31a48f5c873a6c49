import assert from "node:assert/strict";
import { AwsAccount } from "../../../components/aws/aws-account";
import {
  S3ObjectStorage,
  type S3ObjectStorageArgs,
} from "../../../components/data/object-storage/s3-object-storage";
import type { BucketAccess, BucketArgs } from "../../../components/platform-services";
import { awsResources, policyIn, theAwsResource } from "../../harness/aws-resources";
import { deploy, settle, type Deployed, type RegisteredResource } from "../../harness/deploy";
import { theResource } from "../../harness/manifests";
import { awsSettings } from "../../harness/managed-settings";

interface Storage {
  readonly storage: S3ObjectStorage;
  readonly access: BucketAccess;
}

function s3(
  args: Partial<S3ObjectStorageArgs> = {},
  bucket: Partial<BucketArgs> = {},
): Promise<Deployed<Storage>> {
  return deploy(() => {
    const storage = new S3ObjectStorage("object-storage", {
      account: new AwsAccount("aws", { ...awsSettings, retainData: true }),
      addressBlocks: ["10.0.0.0/16"],
      abortUploadsAfterDays: 7,
      expireVersionsAfterDays: 30,
      retainData: true,
      ...args,
    });
    const users = { readers: ["thumbnails", "tags"], writers: ["endpoint", "thumbnails"] };
    const request = { name: "acme-prod-acme.images", namespace: "acme-images", ...users, ...bucket };
    return { storage, access: storage.createBucket(request, { retainOnDelete: true }) };
  });
}

const keyArn = "arn:aws:aws:kms/key:Key:aws-key";
const bucketArn = "arn:aws:aws:s3/bucket:Bucket:acme-prod-acme.images";

function role(resources: readonly RegisteredResource[], use: string): RegisteredResource {
  return theResource(resources, "aws:iam/role:Role", `acme-prod-acme.images-${use}`);
}

function rights(resources: readonly RegisteredResource[], use: string): RegisteredResource {
  return theResource(resources, "aws:iam/rolePolicy:RolePolicy", `acme-prod-acme.images-${use}`);
}

describe("a bucket in S3", () => {
  it("is encrypted with the stack's key, versioned, private, and its owner's alone", async () => {
    const { resources } = await s3();
    const bucket = { bucket: "acme-prod-acme.images" };
    const encryption = theAwsResource(
      resources,
      "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    assert.deepEqual(encryption.inputs, {
      ...bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    assert.deepEqual(theAwsResource(resources, "s3/bucketVersioning:BucketVersioning").inputs, {
      ...bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    assert.deepEqual(theAwsResource(resources, "s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs, {
      ...bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(theAwsResource(resources, "s3/bucketOwnershipControls:BucketOwnershipControls").inputs, {
      ...bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("refuses everybody who comes without TLS, or with an old one", async () => {
    const { resources } = await s3();
    const { TlsOnly, Tls12 } = policyIn(theAwsResource(resources, "s3/bucketPolicy:BucketPolicy"), "policy");
    for (const statement of [TlsOnly, Tls12]) {
      assert.equal(statement?.Effect, "Deny");
      assert.deepEqual(statement.Principal, "*");
      assert.deepEqual(statement.Resource, [bucketArn, `${bucketArn}/*`]);
    }
    assert.deepEqual(TlsOnly?.Condition, { Bool: { "aws:SecureTransport": "false" } });
    assert.deepEqual(Tls12?.Condition, { NumericLessThan: { "s3:TlsVersion": "1.2" } });
  });

  it("throws away unfinished uploads and old versions when the stack says so", async () => {
    const { resources } = await s3({ abortUploadsAfterDays: 2, expireVersionsAfterDays: 90 });
    const { inputs } = theAwsResource(
      resources,
      "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    );
    assert.deepEqual(inputs["rules"], [
      {
        id: "unfinished-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
      },
      {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays: 90 },
        expiration: { expiredObjectDeleteMarker: true },
      },
    ]);
  });

  it("is emptied and deleted with its pipeline in dev alone", async () => {
    for (const retainData of [true, false]) {
      const { resources } = await s3({ retainData });
      assert.equal(theAwsResource(resources, "s3/bucket:Bucket").inputs["forceDestroy"], !retainData);
    }
  });

  it("is waited for with all that guards it", async () => {
    const { resources, result } = await s3();
    const awaited = await settle(Promise.all(result.access.ready.map(({ urn }) => settle(urn))));
    const made = resources.filter(({ type }) => /:(s3|iam)\//.test(type)).length;
    // The bucket itself and the roles are what others of these depend on.
    assert.equal(awaited.length, made - 1 - awsResources(resources, "iam/role:Role").length);
  });

  it("has a name that S3 takes", async () => {
    await assert.rejects(async () => s3({}, { name: "No_Bucket" }), /expected 3 to 63/);
  });
});

describe("the roles of a bucket in S3", () => {
  it("are for those service accounts of the pipeline that use it so, by a token for AWS", async () => {
    const { resources } = await s3();
    const users = { read: "tags", write: "endpoint", "read-write": "thumbnails" };
    assert.equal(awsResources(resources, "iam/role:Role").length, 3);
    for (const [use, user] of Object.entries(users)) {
      const { Pods } = policyIn(role(resources, use), "assumeRolePolicy");
      assert.equal(Pods?.Action, "sts:AssumeRoleWithWebIdentity");
      assert.deepEqual(Pods.Principal, { Federated: awsSettings.oidcProviderArn });
      assert.deepEqual(Pods.Condition, {
        StringEquals: {
          "oidc.eks.eu-central-1.amazonaws.com/id/ABC:aud": "sts.amazonaws.com",
          "oidc.eks.eu-central-1.amazonaws.com/id/ABC:sub": [`system:serviceaccount:acme-images:${user}`],
        },
      });
    }
  });

  it("allow reading to readers, writing to writers, and of one bucket and key only", async () => {
    const { resources } = await s3();
    const actions = (use: string): unknown[] => {
      const { Objects, Key, Bucket } = policyIn(rights(resources, use), "policy");
      assert.equal(Objects?.Resource, `${bucketArn}/*`);
      assert.equal(Bucket?.Resource, bucketArn);
      assert.equal(Key?.Resource, keyArn);
      return [Objects.Action, Key.Action];
    };
    const writing = [
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:ListMultipartUploadParts",
      "s3:PutObject",
    ];
    assert.deepEqual(actions("read"), [["s3:GetObject"], ["kms:Decrypt"]]);
    assert.deepEqual(actions("write"), [writing, ["kms:Decrypt", "kms:GenerateDataKey"]]);
    assert.deepEqual(actions("read-write"), [
      ["s3:GetObject", ...writing],
      ["kms:Decrypt", "kms:GenerateDataKey"],
    ]);
  });

  it("are named after the bucket, as far as AWS lets them, and then apart all the same", async () => {
    const long = "a".repeat(62);
    const names = [];
    for (const end of ["b", "c"]) {
      const { resources } = await s3({}, { name: long + end });
      names.push(...awsResources(resources, "iam/role:Role").map(({ inputs }) => String(inputs["name"])));
    }
    assert.equal(new Set(names).size, 6);
    assert.ok(names.every((name) => name.length <= 64));
    const { resources } = await s3();
    assert.equal(role(resources, "read").inputs["name"], "acme-prod-acme.images-read");
  });

  it("are asked for by nobody who has no business there", async () => {
    const { result } = await s3();
    const { login } = result.access;
    assert.ok(login.kind === "roles");
    assert.equal(await settle(login.roleOf("tags")), "arn:aws:aws:iam/role:Role:acme-prod-acme.images-read");
    assert.throws(() => login.roleOf("stranger"), /stranger has no business with acme-prod-acme\.images/);
  });
});

describe("S3ObjectStorage", () => {
  it("is reached at its region's endpoint", async () => {
    const { result } = await s3();
    assert.equal(await settle(result.storage.endpoint), "https://s3.eu-central-1.amazonaws.com");
    assert.equal(result.storage.region, "eu-central-1");
    assert.deepEqual(result.storage.address, {
      peers: [{ ipBlock: { cidr: "10.0.0.0/16" } }],
      ports: [443],
    });
  });

  it("can't do without the cluster's OIDC provider", async () => {
    const { oidcProviderArn, ...without } = awsSettings;
    assert.ok(oidcProviderArn);
    await assert.rejects(
      async () =>
        deploy(
          () =>
            new S3ObjectStorage("s3", {
              account: new AwsAccount("aws", { ...without, retainData: true }),
              addressBlocks: ["10.0.0.0/16"],
              abortUploadsAfterDays: 7,
              expireVersionsAfterDays: 30,
              retainData: true,
            }),
        ),
      /roles of pods need the cluster's OIDC provider/,
    );
  });
});
