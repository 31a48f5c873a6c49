import assert from "node:assert/strict";
import * as fc from "fast-check";
import { narrowAcls } from "../../policies/kafka-access";
import { withField } from "./fixtures";
import { judge, type Given } from "./harness";

const goodAcl: Given = {
  type: "kafka:index/acl:Acl",
  name: "local-test-algo-read-text",
  parents: ["algorun:pipeline:Pipeline"],
  props: {
    aclResourceName: "algorun.local.test.text",
    aclResourceType: "Topic",
    resourcePatternTypeFilter: "Literal",
    aclPrincipal: "User:local.test.algo",
    aclHost: "*",
    aclOperation: "Read",
    aclPermissionType: "Allow",
  },
};

function foundWith(fields: Readonly<Record<string, string>>, config = {}): string[] {
  const given = Object.entries(fields).reduce((acl, [key, value]) => withField(acl, [key], value), goodAcl);
  return judge(narrowAcls, given, { config }).map(({ found }) => found);
}

describe("policy narrow-acls", () => {
  const accepted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "one operation of one user on one topic, from any host": {},
    "a consumer group": { aclResourceType: "Group", aclResourceName: "algorun.local.test.algo" },
    "a prefix that holds owner and name": {
      aclResourceName: "algorun.local.test.",
      resourcePatternTypeFilter: "Prefixed",
    },
    "idempotent writes to the cluster": {
      aclResourceType: "Cluster",
      aclResourceName: "kafka-cluster",
      aclOperation: "IdempotentWrite",
    },
    "refusing everything to everybody": {
      aclPermissionType: "Deny",
      aclPrincipal: "User:*",
      aclResourceName: "*",
      aclOperation: "All",
    },
    "the transactions of the user's own instances": {
      aclResourceType: "TransactionalID",
      aclResourceName: "local.test.algo.",
      resourcePatternTypeFilter: "Prefixed",
      aclOperation: "Write",
    },
    "the transactions of a user whose password was rotated": {
      aclPrincipal: "User:local.test.algo@2",
      aclResourceType: "TransactionalID",
      aclResourceName: "local.test.algo.",
      resourcePatternTypeFilter: "Prefixed",
      aclOperation: "Write",
    },
    "a star inside a name": { aclPrincipal: "User:a*", aclResourceName: "algorun.*" },
  };
  for (const [what, fields] of Object.entries(accepted)) {
    it(`accepts ${what}`, () => {
      assert.deepEqual(foundWith(fields), []);
    });
  }

  for (const prefix of ["local.test.algo", "local.test.", "local.test.other.", "a.b.c.d."]) {
    it(`refuses the prefix ${prefix} of transactions, which is not the user's name and a dot`, () => {
      const prefixed = {
        aclResourceType: "TransactionalID",
        aclResourceName: prefix,
        resourcePatternTypeFilter: "Prefixed",
      };
      assert.deepEqual(foundWith(prefixed), [
        `the ACL is for every TransactionalID that begins with "${prefix}", which are not those of User:local.test.algo alone`,
      ]);
    });
  }

  for (const kind of ["Topic", "Group", "Cluster", "TransactionalID"]) {
    it(`refuses every ${kind}`, () => {
      assert.deepEqual(foundWith({ aclResourceType: kind, aclResourceName: "*" }), [
        `the ACL is for every ${kind} (*)`,
      ]);
    });

    it(`refuses every operation on a ${kind}`, () => {
      assert.deepEqual(foundWith({ aclResourceType: kind, aclOperation: "All" }), [
        'the ACL allows the operation "All", which includes deleting and changing',
      ]);
    });

    if (kind === "TransactionalID") continue;
    it(`refuses a prefix of a ${kind} that reaches into other pipelines`, () => {
      const prefixed = {
        aclResourceType: kind,
        aclResourceName: "algorun.local.",
        resourcePatternTypeFilter: "Prefixed",
      };
      assert.deepEqual(foundWith(prefixed), [
        `the ACL is for every ${kind} whose name begins with "algorun.local.", which is more than one pipeline's`,
      ]);
    });
  }

  it("refuses everybody", () => {
    assert.deepEqual(foundWith({ aclPrincipal: "User:*" }), ['the ACL is for "User:*", which is everybody']);
    assert.deepEqual(foundWith({ aclPrincipal: "*" }), ['the ACL is for "*", which is everybody']);
  });

  it("refuses any operation", () => {
    assert.equal(foundWith({ aclOperation: "Any" }).length, 1);
  });

  it("refuses patterns that take in other names", () => {
    assert.deepEqual(foundWith({ resourcePatternTypeFilter: "Any" }), [
      'the ACL\'s pattern is "Any", which takes in other names',
    ]);
    assert.equal(foundWith({ resourcePatternTypeFilter: "Match" }).length, 1);
  });

  it("finds each of several faults", () => {
    assert.equal(foundWith({ aclPrincipal: "User:*", aclOperation: "All", aclResourceName: "*" }).length, 3);
  });

  it("takes the length of prefixes from its configuration", () => {
    const prefixed = { aclResourceName: "team.", resourcePatternTypeFilter: "Prefixed" };
    assert.deepEqual(foundWith(prefixed, { minimumPrefixSegments: 1 }), []);
    assert.equal(foundWith({ ...prefixed, aclResourceName: "." }, { minimumPrefixSegments: 1 }).length, 1);
  });

  it("accepts a prefix exactly when it has enough parts", () => {
    const parts = fc.array(fc.stringMatching(/^[a-z\d_-]{1,6}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.constantFrom("", "."), (segments, end) => {
        const prefixed = { aclResourceName: segments.join(".") + end, resourcePatternTypeFilter: "Prefixed" };
        assert.equal(foundWith(prefixed).length, segments.length < 3 ? 1 : 0);
      }),
    );
  });
});
