import { broken, describeFaults } from "./documents-under-test";

describeFaults("values that can't work", [
  [
    "a delivery that the executor can't do",
    broken("inputDeliveryType: Http", "inputDeliveryType: StdIn"),
    [
      'error shout.yaml:18 spec.inputs[0].inputDeliveryType: found "StdIn", expected "Http" or "Https" for executor http',
    ],
  ],
  [
    "more replicas than brokers",
    broken(
      "        contentType: text/plain\n  algos",
      "        contentType: text/plain\n        topic: { outputName: texts, replicationFactor: 5 }\n  algos",
    ),
    [
      "error shout.yaml:37 spec.endpoint.paths[0].topic.replicationFactor: found 5, expected at most 3, since the platform's Kafka has 3 brokers",
    ],
  ],
  [
    "a topic name that Kafka refuses",
    broken(
      "        contentType: text/plain\n  algos",
      "        contentType: text/plain\n        topic: { outputName: texts, topicName: 'a b' }\n  algos",
    ),
    [
      "error shout.yaml:37 spec.endpoint.paths[0].topic.topicName: found \"a b\", with a character that Kafka does not allow, expected letters, digits, '.', '_' and '-'",
    ],
  ],
  [
    "an unknown topic parameter",
    broken(
      "        contentType: text/plain\n  algos",
      "        contentType: text/plain\n        topic: { outputName: texts, topicParams: [{ name: retention.m, value: '1' }] }\n  algos",
    ),
    [
      'error shout.yaml:37 spec.endpoint.paths[0].topic.topicParams[0].name: found "retention.m", expected a topic configuration of Kafka; did you mean "retention.ms"?',
    ],
  ],
  [
    "more in-sync replicas than replicas",
    broken(
      "        contentType: text/plain\n  algos",
      "        contentType: text/plain\n        topic: { outputName: texts, replicationFactor: 1, topicParams: [{ name: min.insync.replicas, value: '2' }] }\n  algos",
    ),
    [
      "error shout.yaml:37 spec.endpoint.paths[0].topic.topicParams[0].value: min.insync.replicas is 2, expected at most the replication factor, which is 1; otherwise nothing can be written",
    ],
  ],
  [
    "a header that is none, which is not shown",
    broken("        webHookUrl: https", "        httpHeaders: secret\n        webHookUrl: https"),
    [
      "error shout.yaml:44 spec.eventHook.webHooks[0].httpHeaders: found a line that is no header, expected one 'Name: value' for each line",
    ],
  ],
  [
    "autoscaling without a maximum",
    broken("      index: 1\n", "      index: 1\n      autoscaling: { enabled: true }\n"),
    [
      "error shout.yaml:41 spec.algos[0].autoscaling.maxReplicas: is missing, expected the most replicas, since autoscaling is enabled",
    ],
  ],
  [
    "a minimum above the maximum",
    broken(
      "      index: 1\n",
      "      index: 1\n      autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 2 }\n",
    ),
    [
      "error shout.yaml:41 spec.algos[0].autoscaling.minReplicas: found 3, expected at most maxReplicas, which is 2",
    ],
  ],
  [
    "a metric with fields of another kind",
    broken(
      "      index: 1\n",
      "      index: 1\n      autoscaling: { enabled: true, maxReplicas: 2, metrics: [{ sourceType: Pods, targetType: AverageValue, resourceName: cpu, averageValue: 5 }] }\n",
    ),
    [
      "error shout.yaml:41 spec.algos[0].autoscaling.metrics[0].metricName: is missing, expected for sourceType Pods and targetType AverageValue",
      "error shout.yaml:41 spec.algos[0].autoscaling.metrics[0].resourceName: has no effect with sourceType Pods and targetType AverageValue; remove it",
    ],
  ],
  [
    "a probe that does nothing",
    broken("      index: 1\n", "      index: 1\n      livenessProbe: { periodSeconds: 5 }\n"),
    [
      "error shout.yaml:41 spec.algos[0].livenessProbe: found none, expected one of exec, httpGet and tcpSocket",
    ],
  ],
  [
    "a request above its limit",
    broken(
      "      index: 1\n",
      "      index: 1\n      resources: { requests: { cpu: 2, memory: 1Gi }, limits: { cpu: 1500m, memory: 1Gi } }\n",
    ),
    [
      "error shout.yaml:41 spec.algos[0].resources.requests.cpu: found 2, expected at most the limit of 1500m",
    ],
  ],
  [
    "a required parameter without a value",
    broken("  inputs:\n", "  parameters:\n    - { name: locale, required: true }\n  inputs:\n"),
    [
      "error shout.yaml:40 spec.algos[0]: the parameter locale of acme/upper-case:1.0.0[1] has no value, expected one, since it is required",
    ],
  ],
  [
    "a config mount over the runner's folder",
    broken(
      "      index: 1\n",
      "      index: 1\n      configMounts: [{ name: a, mountPath: /input/x, data: '' }]\n",
    ),
    [
      "error shout.yaml:41 spec.algos[0].configMounts[0].mountPath: found /input/x, expected a path outside /input, which the runner uses",
    ],
  ],
  [
    "a write-ahead log for a topic that is not the endpoint's",
    broken("    paths:\n", "    producer: { wal: { always_topics: [acme.other] } }\n    paths:\n"),
    [
      'error shout.yaml:34 spec.endpoint.producer.wal.always_topics[0]: found "acme.other", expected a topic of the endpoint: "algorun.acme.shout.endpoint.0.texts"',
    ],
  ],
  [
    "two listeners on one port",
    broken(
      "    paths:\n",
      '    server: { http: { listen: ":9000" }, monitoring: { listen: ":9000" } }\n    paths:\n',
    ),
    ["error shout.yaml:34 spec.endpoint.server.monitoring.listen: found port 9000, which http has already"],
  ],
]);
