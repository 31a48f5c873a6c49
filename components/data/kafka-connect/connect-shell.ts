/**
 * Functions of a shell script that asks Kafka Connect's REST API about one connector; `$connector` is its address.
 *
 * - `ask METHOD …`: the answer's body, with the code of its status in a line of its own behind it
 * - `code_of`, `body_of`, `message_of ANSWER`: its parts, and what Connect says of an error, as lines
 * - `look`: sets `$answer`, `$state` of the connector and `$tasks`, the states of its tasks, a line each
 * - `reasons_of ANSWER`: of a status with failures, the first reason and the innermost one, a line each
 */
export const connectFunctions = `ask() {
  curl --silent --show-error --max-time 100 --write-out '\\n%{http_code}' \\
    --header 'Content-Type: application/json' --request "$@"
}

code_of() { printf '%s\\n' "$1" | tail -n 1; }
body_of() { printf '%s\\n' "$1" | sed '$d'; }
message_of() { body_of "$1" | sed -e 's/.*"message":"//' -e 's/"}$//' -e 's/\\\\n/\\n/g'; }

look() {
  answer=$(ask GET "$connector/status")
  state=$(body_of "$answer" | grep -oE '"connector":\\{"state":"[A-Z]+"' | grep -oE '[A-Z]{4,}')
  tasks=$(body_of "$answer" | sed 's/.*"tasks":\\[//' | grep -oE '"state":"[A-Z]+"' | grep -oE '[A-Z]{4,}')
}

reasons_of() {
  body_of "$1" | grep -oE '"trace":"([^"\\\\]|\\\\[^n])*' | head -n 1 | cut -c 10-
  body_of "$1" | grep -oE 'Caused by: ([^"\\\\]|\\\\[^n])*' | tail -n 1
}
`;
