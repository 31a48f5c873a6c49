import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { isWord, kafkaTypes } from "./rule/kafka";
import { defineRule, type Finding } from "./rule/rule";

const settings = z.strictObject({
  minimumPrefixSegments: z.int().min(1).default(3).meta({
    description:
      "Parts between dots that a prefixed resource name must have: 3 reaches as far as the owner and the name of one pipeline deployment (algorun.owner.name)",
  }),
});

/** Each principal may do what it needs, on the resources it needs. */
export const narrowAcls = defineRule({
  name: "narrow-acls",
  severity: "critical",
  description: "No Kafka ACL allows everybody, every operation, or every resource of a kind.",
  rationale:
    "One wildcard undoes all other ACLs: an algo of one team reads and writes the topics of all others, or takes over their consumer groups and with them their messages.",
  remedy:
    "Allow single operations (Read, Write, Describe) on single names to a single user. ACLs of a pipeline follow from the pipes of its document, so what is missing is a pipe.",
  levels: advisoryInDev,
  settings,
  type: kafkaTypes.acl,
  *judge(resource, { settings }) {
    const acl = resource.fields;
    // Refusing more than needed is no danger.
    if (isWord(acl.at("aclPermissionType"), "Deny")) return;
    yield* judgePrincipal(acl.at("aclPrincipal"));
    yield* judgeOperation(acl.at("aclOperation"));
    yield* judgeName(acl, settings.minimumPrefixSegments);
  },
});

function* judgePrincipal(principal: Field): Iterable<Finding> {
  const name = principal.text;
  if (name?.replace(/^[^:]*:/, "").trim() !== "*") return;
  yield {
    field: principal,
    found: `the ACL is for ${principal.shown}, which is everybody`,
    fix: "name the one user that needs it, such as User:owner.name.component",
  };
}

function* judgeOperation(operation: Field): Iterable<Finding> {
  if (!isWord(operation, "All") && !isWord(operation, "Any")) return;
  yield {
    field: operation,
    found: `the ACL allows the operation ${operation.shown}, which includes deleting and changing`,
    fix: "write one ACL for each operation that is needed, such as Read or Write",
  };
}

/**
 * Who may use another's transactional id stops its work: each user has those that begin with its own name and a dot. While
 * its password is rotated it has a second name, with a number behind `@`, and the same transactions.
 */
function* judgeTransactions(acl: Field): Iterable<Finding> {
  const [name, principal] = [acl.at("aclResourceName"), acl.at("aclPrincipal").text];
  const own = principal
    ?.replace(/^User:/, "")
    .replace(/@\d+$/, "")
    .concat(".");
  if (own === undefined || name.text === own) return;
  yield {
    field: name,
    found: `the ACL is for every TransactionalID that begins with ${name.shown}, which are not those of ${principal} alone`,
    fix: `write the prefix ${JSON.stringify(own)}, or one name`,
  };
}

function* judgeName(acl: Field, minimumSegments: number): Iterable<Finding> {
  const name = acl.at("aclResourceName");
  if (name.text === undefined) return;
  const kind = acl.at("aclResourceType").text ?? "resource";
  const pattern = acl.at("resourcePatternTypeFilter");
  if (name.text === "*") {
    const fix = `name the ${kind} that is meant, one ACL for each`;
    yield { field: name, found: `the ACL is for every ${kind} (*)`, fix };
  } else if (isWord(pattern, "Prefixed")) {
    if (isWord(acl.at("aclResourceType"), "TransactionalID")) {
      yield* judgeTransactions(acl);
      return;
    }
    const segments = name.text.split(".").filter((segment) => segment !== "").length;
    if (segments >= minimumSegments) return;
    const found = `the ACL is for every ${kind} whose name begins with ${name.shown}, which is more than one pipeline's`;
    yield {
      field: name,
      found,
      fix: `lengthen the prefix to ${minimumSegments} parts between dots, or name one ${kind}`,
    };
  } else if (isWord(pattern, "Any") || isWord(pattern, "Match")) {
    const fix = "write Literal, or Prefixed with a long prefix";
    yield { field: pattern, found: `the ACL's pattern is ${pattern.shown}, which takes in other names`, fix };
  }
}
