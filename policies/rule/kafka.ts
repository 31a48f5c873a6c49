import type { Field } from "./field";
import type { Resource } from "./resource";

/** Type tokens of Kafka's resources. */
export const kafkaTypes = {
  acl: "kafka:index/acl:Acl",
  provider: "pulumi:providers:kafka",
  topic: "kafka:index/topic:Topic",
  user: "kafka:index/userScramCredential:UserScramCredential",
} as const;

/** Whether a field holds one of Kafka's words, which it reads whatever their case. */
export function isWord(field: Field, word: string): boolean {
  return field.text?.toLowerCase() === word.toLowerCase();
}

/** Who may do something with topics, by the names that their ACLs give. */
export class TopicRights {
  private readonly byName = new Map<string, Set<string>>();
  private readonly byPrefix = new Map<string, Set<string>>();
  /** Whether some name is not known yet: then nothing can be said about who may not. */
  private hasUnknown = false;

  /**
   * @param resources - the whole stack
   * @param operation - `Read`, `Write`
   */
  constructor(resources: readonly Resource[], operation: string) {
    for (const { type, fields } of resources) {
      if (type !== kafkaTypes.acl || !isWord(fields.at("aclResourceType"), "Topic")) continue;
      if (isWord(fields.at("aclPermissionType"), "Deny")) continue;
      if (!isWord(fields.at("aclOperation"), operation) && !isWord(fields.at("aclOperation"), "All"))
        continue;
      this.add(fields);
    }
  }

  /** The principals that may, with a topic of this name; undefined when that is not known yet. */
  of(topic: string): ReadonlySet<string> | undefined {
    if (this.hasUnknown) return undefined;
    const principals = new Set([...(this.byName.get(topic) ?? []), ...(this.byName.get("*") ?? [])]);
    for (let length = 1; length <= topic.length; length += 1) {
      for (const principal of this.byPrefix.get(topic.slice(0, length)) ?? []) principals.add(principal);
    }
    return principals;
  }

  private add(acl: Field): void {
    const [name, principal] = [acl.at("aclResourceName"), acl.at("aclPrincipal")];
    if (name.text === undefined || principal.text === undefined) {
      this.hasUnknown ||= name.isUnknown || principal.isUnknown;
      return;
    }
    const names = isWord(acl.at("resourcePatternTypeFilter"), "Prefixed") ? this.byPrefix : this.byName;
    names.set(name.text, (names.get(name.text) ?? new Set()).add(principal.text));
  }
}
