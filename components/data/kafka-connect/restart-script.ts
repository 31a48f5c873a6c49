import { connectFunctions } from "./connect-shell";

/** How a connector that has failed is restarted. */
export interface RestartScript {
  /** `http://host:port` of the workers. */
  readonly address: string;
  /** Name that the connector is registered by. */
  readonly connector: string;
  /** Most restarts in a row. @default no end */
  readonly maxRestarts?: number | undefined;
  /** Path of a file that is there while the connector is well. */
  readonly wellFile: string;
  /** Path of a file that is touched at each look. */
  readonly lookFile: string;
  /** Seconds between two looks. */
  readonly periodSeconds: number;
  /** Seconds that a minute of the back-off takes. */
  readonly minuteSeconds: number;
}

/**
 * Looks at a connector for ever, and restarts what has failed of it, as Strimzi's `autoRestart` does: at once, then 2, 6,
 * 12, 20, 30, 42 and 56 minutes after the last restart, then every hour. A connector that has been running for longer
 * than its next wait would be starts again from none.
 *
 * It says what it does and why, and a file says whether the connector is well: that of one which is paused or stopped is
 * there, too, since somebody wanted it so.
 */
export function restartScript(script: RestartScript): string {
  return `#!/bin/sh
set -u
connector=${script.address}/connectors/${script.connector}
most=${script.maxRestarts ?? ""}
restarts=0
restarted=0
given_up=

${connectFunctions}
say() { printf '%s %s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${script.connector}: $1"; }

# Whether the time is up that failures are waited with: n * n + n minutes after n restarts, and an hour at most.
is_time() {
  minutes=$((restarts * restarts + restarts))
  [ "$minutes" -le 60 ] || minutes=60
  [ $(($(date +%s) - restarted)) -ge $((minutes * ${script.minuteSeconds})) ]
}

restart() {
  if [ -n "$most" ] && [ "$restarts" -ge "$most" ]; then
    [ -n "$given_up" ] || say "failed again after $restarts restarts, and is restarted no more"
    given_up=yes
    return
  fi
  is_time || return
  restarts=$((restarts + 1))
  restarted=$(date +%s)
  say "failed, restart $restarts"
  reasons_of "$answer"
  ask POST "$connector/restart?includeTasks=true&onlyFailed=true" > /dev/null
}

# As the first process of its container, a shell would not hear of it.
trap 'exit 0' TERM
while :; do
  look
  touch ${script.lookFile}
  case "$(code_of "$answer") $state $tasks" in
    '200 '*FAILED*)
      rm -f ${script.wellFile}
      restart
      ;;
    '200 RUNNING'* | '200 PAUSED'* | '200 STOPPED'*)
      touch ${script.wellFile}
      if [ "$restarts" -gt 0 ] && is_time; then
        say "runs again, after $restarts restarts"
        restarts=0
        given_up=
      fi
      ;;
    '200 '*) ;;
    *) rm -f ${script.wellFile} ;;
  esac
  sleep ${script.periodSeconds} &
  wait $!
done
`;
}
