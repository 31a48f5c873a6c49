import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

/** What the program tells the engine of a resource beside its arguments. */
export interface ResourceRegistration {
  /** As the real engine makes it: with the types of all parents. */
  readonly urn: string;
  /** URN of what it belongs to; undefined for what is at the top. */
  readonly parent: string | undefined;
  /** URNs of what must exist before it, sorted. */
  readonly dependencies: readonly string[];
  /** Paths of arguments whose changes the engine leaves alone, sorted. */
  readonly ignoreChanges: readonly string[];
  /** Whether it stays when it leaves the stack; undefined: as its parent. */
  readonly retainOnDelete: boolean | undefined;
  /** Whether it is deleted before another takes its place; undefined: as its provider says. */
  readonly deleteBeforeReplace: boolean | undefined;
  /** Whether the engine refuses to delete or replace it. */
  readonly protect: boolean;
}

/** What was told of the resources of one program. */
export interface Registrations {
  /**
   * @throws AssertionError for a resource that was not registered
   */
  of(type: string, name: string): ResourceRegistration;
}

/**
 * Notes what Pulumi's mock of the engine keeps to itself, and teaches it resource hooks: those run in the engine, and a
 * program only waits for the answer.
 *
 * @param monitor - the mock, fresh
 */
export function recordRegistrations(monitor: unknown): Registrations {
  assert.ok(monitor instanceof MockMonitor, "the engine is not mocked");
  // By type and name: the mock's own URNs know no more than one parent.
  const registrations = new Map<string, ResourceRegistration>();
  const urnsByMocked = new Map<string, string>();
  const register = monitor.registerResource.bind(monitor);
  Object.assign(monitor, {
    registerResource: (request: RegisterResourceRequest, done: Answer<{ getUrn(): string }>) => {
      const registration = registrationOf(request, urnsByMocked);
      registrations.set(`${request.getType()} ${request.getName()}`, registration);
      return register(request, (error: Error | null, response: { getUrn(): string }) => {
        if (error === null) urnsByMocked.set(response.getUrn(), registration.urn);
        done(error, response);
      });
    },
    registerResourceHook: (_request: unknown, done: Answer<object>) => {
      done(null, {});
    },
  });
  return {
    of(type, name) {
      const registration = registrations.get(`${type} ${name}`);
      assert.ok(registration, `nobody has registered ${type} ${name}`);
      return registration;
    },
  };
}

type Answer<Value> = (error: Error | null, value: Value) => void;

function registrationOf(
  request: RegisterResourceRequest,
  urnsByMocked: ReadonlyMap<string, string>,
): ResourceRegistration {
  const parent = urnsByMocked.get(request.getParent());
  const [, , parentType] = (parent ?? "").split("::");
  const isTop = parentType === undefined || parentType === "pulumi:pulumi:Stack";
  const type = isTop ? request.getType() : `${parentType}$${request.getType()}`;
  return {
    urn: ["urn:pulumi:" + pulumi.getStack(), pulumi.getProject(), type, request.getName()].join("::"),
    parent: isTop ? undefined : parent,
    dependencies: request
      .getDependenciesList()
      .map((mocked) => urnsByMocked.get(mocked) ?? mocked)
      .sort(),
    ignoreChanges: request.getIgnorechangesList().toSorted(),
    protect: request.getProtect() === true,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
  };
}
