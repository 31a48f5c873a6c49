import { connectFunctions } from "./connect-shell";

/** What the registration of a connector is made from. */
export interface RegistrationScript {
  /** `http://host:port` of the workers. */
  readonly address: string;
  /** Name that the connector is registered by. */
  readonly connector: string;
  /** Path of its configuration, a JSON object of texts. */
  readonly configuration: string;
  /** Longest time in seconds for the workers to take it, and for the connector to run. */
  readonly waitSeconds: number;
  /** How long in seconds connector and tasks must have been running, since a task may fail with its first message. */
  readonly steadySeconds: number;
}

/**
 * Registers a connector through Kafka Connect's REST API, starts again what has failed of it, and waits until the
 * connector and all its tasks run. A task that fails ends it with 1, and with the first and the innermost reason of the
 * failure. It bears repeating: the same configuration changes nothing.
 *
 * While workers find each other they answer 409, and before that 404 or not at all: those are asked again.
 */
export function registrationScript(script: RegistrationScript): string {
  return `#!/bin/sh
set -u
connector=${script.address}/connectors/${script.connector}
deadline=$(($(date +%s) + ${script.waitSeconds}))

# Says why, in as many lines as there are reasons, and gives up.
fail() {
  printf '%s\\n' "$@" | grep . >&2
  exit 1
}

${connectFunctions}
wait_or_fail() {
  [ "$(date +%s)" -lt "$deadline" ] || fail "${script.connector}: $1"
}

while :; do
  answer=$(ask PUT --data @${script.configuration} "$connector/config")
  case "$(code_of "$answer")" in
    200 | 201) break ;;
    400) fail "${script.connector}: Kafka Connect refuses the configuration" "$(message_of "$answer")" ;;
    500)
      case "$answer" in
        *'Failed to find any class'*)
          fail "${script.connector}: the image has no such connector" "$(message_of "$answer")" ;;
      esac
      wait_or_fail "Kafka Connect can't take the configuration: $(message_of "$answer")" ;;
    *) wait_or_fail "Kafka Connect does not answer" ;;
  esac
  sleep 2
done

# A task that has failed stays so, even when its configuration is registered once more.
ask POST "$connector/restart?includeTasks=true&onlyFailed=true" > /dev/null

running_since=
failures=0
while :; do
  sleep 2
  look
  case "$state $tasks" in
    *FAILED*)
      # While it takes a new configuration, Connect still tells how the old one ended: once may be from before.
      failures=$((failures + 1))
      [ "$failures" -ge 3 ] || continue
      fail "${script.connector}: the connector or a task of it has failed" "$(reasons_of "$answer")" ;;
  esac
  failures=0
  now=$(date +%s)
  if [ "$state $(printf '%s\\n' "$tasks" | sort -u)" = 'RUNNING RUNNING' ]; then
    running_since=\${running_since:-$now}
    if [ $((now - running_since)) -ge ${script.steadySeconds} ]; then
      echo "${script.connector}: running, tasks: $(printf '%s\\n' "$tasks" | wc -l | tr -d ' ')"
      exit 0
    fi
  else
    running_since=
  fi
  wait_or_fail "it does not run: the connector is \${state:-unknown}, its tasks are \${tasks:-none}"
done
`;
}
