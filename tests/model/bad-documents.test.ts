import { broken, describeFaults, soundText } from "./documents-under-test";

describeFaults("documents that are none", [
  [
    "broken YAML",
    broken("  deploymentOwner: acme", "  deploymentOwner: [acme"),
    ["error shout.yaml:29: broken YAML: deficient indentation at column 3"],
  ],
  [
    "a key given twice",
    broken("  pipelineOwner: acme", "  deploymentOwner: acme"),
    ["error shout.yaml:30: broken YAML: duplicated mapping key at column 3"],
  ],
  [
    "an unknown key near a known one",
    broken('      version: "1.0.0"\n      index', '      replica: 2\n      version: "1.0.0"\n      index'),
    ['error shout.yaml:39 spec.algos[0].replica: unknown key "replica"; did you mean "replicas"?'],
  ],
  [
    "an unknown key deep in a list",
    broken("contentType: text/plain\n---", "contentType: text/plain\n      parametr: x\n---"),
    ['error shout.yaml:24 spec.outputs[0].parametr: unknown key "parametr"; did you mean "parameter"?'],
  ],
  [
    "a missing required key",
    broken("  deploymentName: shout\n", ""),
    ["error shout.yaml:27 spec.deploymentName: is missing, expected text"],
  ],
  [
    "a number where text is expected",
    broken('pipelineVersionTag: "1.0"', "pipelineVersionTag: 1.0"),
    ["error shout.yaml:32 spec.pipelineVersionTag: found 1, expected text; put it in quotes"],
  ],
  [
    "an unknown value near a known one",
    broken("executor: http", "executor: htp"),
    [
      'error shout.yaml:9 spec.executor: found "htp", expected "Executable", "http", "grpc" or "Delegated"; did you mean "http"?',
    ],
  ],
  [
    "an unknown kind",
    broken("kind: PipelineDeployment", "kind: PipelineDeploymnt"),
    [
      'error shout.yaml:26 kind: found "PipelineDeploymnt", expected "PipelineDeployment", "Algo" or "DataConnector"; did you mean "PipelineDeployment"?',
    ],
  ],
  [
    "a document that is no mapping",
    soundText + "---\n- 1\n",
    ["error shout.yaml:55: found a list, expected a mapping with apiVersion, kind and spec"],
  ],
  [
    "a webhook without a URL",
    broken("https://hooks.acme.example/upper", "hooks.acme.example"),
    [
      'error shout.yaml:44 spec.eventHook.webHooks[0].webHookUrl: found "hooks.acme.example", expected an http or https URL',
    ],
  ],
  [
    "a Kafka endpoint",
    broken("      - name: texts\n", "      - name: texts\n        endpointType: Kafka\n"),
    [
      'error shout.yaml:36 spec.endpoint.paths[0].endpointType: found "Kafka", expected "HTTP", "gRPC" or "RTMP"; Kafka endpoints are not supported by this release, remove the path',
    ],
  ],
  [
    "an executor that nothing ever ran",
    broken("  executor: http\n", "  executor: Spark\n"),
    [
      'error shout.yaml:9 spec.executor: found "Spark", expected "Executable", "http", "grpc" or "Delegated"; package the job as a container that reads and writes its topics itself, and use Delegated',
    ],
  ],
]);
