import { readFileSync } from "node:fs";
import type { Connections } from "../../config/connections-schema";
import type { StackState, StateResource } from "../../local/stack/stack-state";

/** What each provider is told of the environment that it works in: nothing of it is the same in another one. */
const places: Readonly<Record<string, (connections: Connections) => Readonly<Record<string, unknown>>>> = {
  "pulumi:providers:kubernetes": ({ kubernetes }) => ({
    kubeconfig: readFileSync(kubernetes.kubeconfig, "utf8"),
  }),
  "pulumi:providers:kafka": ({ kafka }) => ({
    // Of lists and switches a provider is told in JSON.
    bootstrapServers: JSON.stringify(kafka.bootstrapServers),
    caCert: kafka.caCertificate,
    saslUsername: kafka.username,
    saslPassword: kafka.password,
  }),
};

/** A state that does not say in which environment it was made. */
export function withoutConnections(state: StackState): StackState {
  return changed(state, () => ({
    kubeconfig: undefined,
    bootstrapServers: undefined,
    caCert: undefined,
    saslUsername: undefined,
    saslPassword: undefined,
  }));
}

/** A state as if it had been made in another environment. */
export function withConnections(state: StackState, connections: Connections): StackState {
  return changed(state, ({ type }) => places[type]?.(connections) ?? {});
}

function changed(
  state: StackState,
  change: (provider: StateResource) => Readonly<Record<string, unknown>>,
): StackState {
  const resources = state.deployment.resources?.map((resource) => {
    // A default provider, of random values, is told nothing.
    if (!(resource.type in places)) return resource;
    const { inputs, outputs } = resource;
    const values = change(resource);
    return {
      ...resource,
      inputs: { ...(typeof inputs === "object" ? inputs : {}), ...values },
      outputs: { ...outputs, ...values },
    };
  });
  return { ...state, deployment: { ...state.deployment, resources } };
}
