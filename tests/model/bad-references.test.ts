import { broken, describeFaults, soundText } from "./documents-under-test";

describeFaults("references that lead nowhere or twice", [
  [
    "an unknown algo",
    broken("algoRef: { name: upper-case }", "algoRef: { name: uper-case }"),
    [
      'error shout.yaml:38 spec.algos[0].algoRef.name: unknown algo "uper-case", expected the Algo "upper-case"',
    ],
  ],
  [
    "an unknown version",
    broken('      version: "1.0.0"\n', '      version: "1.0.1"\n'),
    [
      'error shout.yaml:39 spec.algos[0].version: unknown version "1.0.1" of acme/upper-case, expected "1.0.0"',
    ],
  ],
  [
    "latest of an algo that marks none",
    broken("      latest: true\n", "").replace('      version: "1.0.0"\n', "      version: latest\n"),
    [
      'error shout.yaml:38 spec.algos[0].version: found "latest", but no version of acme/upper-case is marked latest: true, expected "1.0.0"',
    ],
  ],
  [
    "labels that no algo has",
    broken("algoRef: { name: upper-case }", "algoRef: { matchLabels: { team: maps } }"),
    [
      "error shout.yaml:38 spec.algos[0].algoRef.matchLabels: found no Algo document with the labels team=maps, expected exactly one",
    ],
  ],
  [
    "an algo without algoRef or spec",
    broken("    - algoRef: { name: upper-case }\n      version", "    - version"),
    ["error shout.yaml:38 spec.algos[0]: found neither algoRef nor spec, expected one of them"],
  ],
  [
    "a pipe to nowhere",
    broken("      destName: EventHook", "      destName: acme/lower-case:1.0.0[1]"),
    [
      'error shout.yaml:52 spec.pipes[1].destName: a pipe to "acme/lower-case:1.0.0[1]", which the deployment does not have, expected "acme/upper-case:1.0.0[1]" or "EventHook"; did you mean "acme/upper-case:1.0.0[1]"?',
    ],
  ],
  [
    "a pipe from an unknown output",
    broken("sourceOutputName: texts", "sourceOutputName: text"),
    [
      'error shout.yaml:47 spec.pipes[0].sourceOutputName: the Endpoint has no output "text", expected "texts"',
    ],
  ],
  [
    "a pipe to an unknown input",
    broken("destInputName: Text", "destInputName: Texts"),
    [
      'error shout.yaml:49 spec.pipes[0].destInputName: acme/upper-case:1.0.0[1] has no input "Texts", expected "Text"',
    ],
  ],
  [
    "a pipe to an event hook that is not there",
    soundText.replace(/ {2}eventHook:[^]* {2}pipes:/, "  pipes:"),
    [
      "error shout.yaml:48 spec.pipes[1].destName: a pipe to the EventHook, but the deployment has none; add eventHook: {}",
    ],
  ],
  [
    "a pipe from an endpoint that is not there",
    soundText.replace(/ {2}endpoint:[^]* {2}algos:/, "  algos:"),
    [
      "error shout.yaml:42 spec.pipes[0].sourceName: a pipe from the Endpoint, but the deployment has none; add endpoint",
    ],
  ],
  [
    "the same pipe twice",
    soundText + soundText.slice(soundText.indexOf("    - sourceName: acme")),
    ["error shout.yaml:54 spec.pipes[2]: the same pipe as at line 50; remove one"],
  ],
  [
    "a component type that contradicts the name",
    broken("    - sourceName: Endpoint\n", "    - sourceName: Endpoint\n      sourceComponentType: Algo\n"),
    [
      'error shout.yaml:47 spec.pipes[0].sourceComponentType: found "Algo", expected "Endpoint", which Endpoint is',
    ],
  ],
  [
    "two deployments of one name",
    soundText + "---\n" + soundText.slice(soundText.indexOf("---\n") + 4),
    [
      "error shout.yaml:59 spec.deploymentName: a second deployment acme.shout, the first is at shout.yaml:29; give it another deploymentName or deploymentOwner",
    ],
  ],
  [
    "two Algo documents of one name",
    soundText.slice(0, soundText.indexOf("---\n")) + "---\n" + soundText,
    [
      'error shout.yaml:28 metadata.name: a second Algo named "upper-case", the first is at shout.yaml:1; rename one',
    ],
  ],
  [
    "two paths of one name",
    broken("      - name: texts\n", "      - name: texts\n      - name: texts\n"),
    ['error shout.yaml:36 spec.endpoint.paths[1]: a second path "texts", expected each name once'],
  ],
  [
    "the same algo twice without an index of its own",
    soundText.replace(
      "  eventHook:",
      '    - algoRef: { name: upper-case }\n      version: "1.0.0"\n      index: 1\n  eventHook:',
    ),
    [
      "error shout.yaml:41 spec.algos[1]: a second acme/upper-case:1.0.0[1], expected an index of its own; the first is at line 38",
    ],
  ],
  [
    "incompatible content types",
    broken(
      "      - name: texts\n        contentType: text/plain",
      "      - name: texts\n        contentType: image/png",
    ),
    [
      'error shout.yaml:46 spec.pipes[0]: the output texts of Endpoint is "image/png", but the input Text of acme/upper-case:1.0.0[1] accepts "text/plain"; convert it in an algo between them, or correct one of the content types',
    ],
  ],
  [
    "a required input that nothing feeds",
    soundText.replace(/ {4}- sourceName: Endpoint\n( {6}.*\n){3}/, ""),
    [
      "warning shout.yaml:35 spec.endpoint.paths[0]: no pipe leads from the path texts: what it accepts is only kept in its topic",
      "error shout.yaml:38 spec.algos[0]: no pipe leads to the input Text of acme/upper-case:1.0.0[1], expected at least one, since it is required",
    ],
  ],
  [
    "a webhook on an unknown input",
    broken("pipelineHookInputName: upper", "pipelineHookInputName: uper"),
    [
      "warning shout.yaml:42 spec.eventHook.webHooks: no webhook listens to the input upper: its messages are read and go nowhere",
      'error shout.yaml:43 spec.eventHook.webHooks[0].pipelineHookInputName: no pipe leads to the input "uper" of the EventHook, expected "upper"',
    ],
  ],
  [
    "two topics that are the same to Kafka",
    soundText
      .replace(
        "        contentType: text/plain\n  algos",
        "        contentType: text/plain\n        topic: { outputName: texts, topicName: orders.all }\n  algos",
      )
      .replace(
        "      index: 1\n",
        "      index: 1\n      topics:\n        - { outputName: Upper, topicName: orders_all }\n",
      ),
    [
      "error shout.yaml:43 spec.algos[0].topics[0].topicName: the topic orders_all of the output Upper of acme/upper-case:1.0.0[1] of acme.shout is, to Kafka, the topic of the path texts of the endpoint of acme.shout (shout.yaml:37); give one of them another topicName",
    ],
  ],
]);
