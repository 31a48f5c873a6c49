/** Documents that use every field of the format that deploys, in as many variants as exclude each other. */
export const fullText = `apiVersion: algo.run/v1beta1
kind: Algo
metadata: { name: served, labels: { team: text, tier: gold } }
spec:
  owner: acme
  name: served
  executor: http
  gpuEnabled: false
  versions:
    - { versionTag: "1.0.0", latest: true, image: { repository: ghcr.io/acme/served, tag: "1.0.0", imagePullPolicy: Always }, entrypoint: /serve }
  parameters:
    - { name: mode, value: fast, sortOrder: 1, required: true }
    - { name: colour, sortOrder: 2, required: false }
  inputs:
    - name: In
      isRequired: true
      inputDeliveryType: Http
      contentTypes: [text/plain]
      http: { verb: POST, port: 8080, path: /in, headers: { Accept: text/plain } }
    - { name: Spare, inputDeliveryType: Https, contentTypes: [] }
  outputs:
    - { name: Out, outputDeliveryType: HttpResponse, contentType: text/plain }
    - { name: File, outputDeliveryType: FileParameter, contentType: text/plain, parameter: --to }
---
apiVersion: algo.run/v1beta1
kind: Algo
metadata: { name: called }
spec:
  owner: acme
  name: called
  executor: grpc
  versions:
    - { versionTag: "1.0.0", image: { repository: ghcr.io/acme/called, tag: "1.0.0" }, entrypoint: /call }
  inputs:
    - { name: In, inputDeliveryType: Grpc, contentTypes: [text/plain], grpc: { port: 50051, protofile: in.proto } }
  outputs:
    - { name: Out, outputDeliveryType: HttpResponse, contentType: text/plain }
---
apiVersion: algo.run/v1beta1
kind: Algo
metadata: { name: started }
spec:
  owner: acme
  name: started
  executor: Executable
  versions:
    - { versionTag: "1.0.0", image: { repository: ghcr.io/acme/started, tag: "1.0.0" }, entrypoint: /start }
  inputs:
    - { name: In, inputDeliveryType: FileArrayParameter, contentTypes: [text/plain], fileParameter: { parameter: --in, delimiter: "," } }
  outputs:
    - { name: Out, outputDeliveryType: StdOut, contentType: text/plain }
---
apiVersion: algo.run/v1beta1
kind: DataConnector
metadata: { name: read-rows, labels: { system: database } }
spec:
  dataConnectorType: Source
  name: rows
  connectorClass: com.acme.RowSource
  versions: [{ versionTag: "1.0.0", image: { repository: ghcr.io/acme/rows, tag: "1.0.0", imagePullPolicy: Always }, metricsAgent: /opt/agent.jar }]
  options: { poll.interval.ms: "1000" }
---
apiVersion: algo.run/v1beta1
kind: PipelineDeployment
metadata: { name: full, namespace: algorun }
spec:
  deploymentNamespace: algorun
  deploymentOwner: acme
  deploymentName: full
  pipelineOwner: acme
  pipelineName: whole
  pipelineVersionTag: "1.0"
  kafkaBrokers: kafka:9092
  storageBucket: acme-full
  endpoint:
    image: { repository: ghcr.io/acme/gateway, tag: "1.0.0", imagePullPolicy: IfNotPresent }
    replicas: 2
    resources: { limits: { cpu: 1 }, requests: { cpu: 500m } }
    autoscaling: &scaling
      enabled: true
      minReplicas: 2
      maxReplicas: 5
      metrics:
        - { sourceType: Resource, targetType: Utilization, resourceName: cpu, averageUtilization: 70 }
        - { sourceType: Pods, targetType: AverageValue, metricName: lag, metricSelector: "topic=a", averageValue: "5" }
        - { sourceType: External, targetType: Value, metricName: lag, value: "5" }
        - { sourceType: Object, targetType: Value, objectApiVersion: v1, objectKind: Service, objectName: s, metricName: rate, value: "5" }
    livenessProbe: &liveness
      httpGet: { host: localhost, path: /up, scheme: HTTP, port: { isInt32: true, int32Value: 8080, isString: false }, httpHeaders: [{ name: A, value: b }] }
      initialDelaySeconds: 1
      periodSeconds: 2
      timeoutSeconds: 3
      successThreshold: 1
      failureThreshold: 4
    readinessProbe: &readiness
      tcpSocket: { host: localhost, port: { isString: true, stringValue: http, isInt32: false } }
      initialDelaySeconds: 1
      periodSeconds: 2
      timeoutSeconds: 3
      successThreshold: 2
      failureThreshold: 4
    server: { http: { listen: ":9001" }, grpc: { listen: ":9002" }, monitoring: { listen: ":9003" } }
    kafka: { brokers: [kafka:9092], params: { linger.ms: "5" } }
    producer:
      cb: { interval: 1, timeout: 5s, fails: 2, requests: 3 }
      resend: { period: 10s, rate_limit: 100 }
      wal:
        mode: fallback
        in_memory: false
        path: /data/wal
        size: 1Gi
        always_topics: ["acme.texts"]
        disable_topics: ["acme.texts"]
    paths:
      - name: texts
        isDefault: true
        endpointType: HTTP
        messageDataType: FileReference
        contentType: text/plain
        topic:
          outputName: texts
          autoName: false
          topicName: acme.texts
          autoPartition: false
          partitions: 6
          replicationFactor: 2
          overrideRetryStrategy: true
          retryStrategy: { strategy: RetryTopics, deadLetterSuffix: lost, steps: [{ index: 1, backoffDuration: 5m, repeat: 2 }] }
          topicParams: [{ name: retention.ms, value: "1" }]
      - { name: calls, endpointType: gRPC, topic: { outputName: calls, autoName: true, autoPartition: true, partitions: 1 } }
  algos:
    - algoRef: { name: served }
      version: "1.0.0"
      index: 1
      replicas: 2
      timeoutSeconds: 30
      writeAllOutputs: true
      retryEnabled: true
      retryStrategy: { strategy: RetryTopics, deadLetterSuffix: gone, steps: [{ index: 1, backoffDuration: 30s, repeat: 2 }] }
      resources: { limits: { cpu: 1 }, requests: { cpu: 500m } }
      autoscaling: *scaling
      livenessProbe: *liveness
      readinessProbe: *readiness
      algoRunnerImage: { repository: ghcr.io/acme/runner, tag: "1.0.0", imagePullPolicy: Never }
      configMounts: [{ name: a.json, mountPath: /etc/a.json, data: "{}" }]
      parameters: [{ name: mode, value: slow, sortOrder: 3, required: true }, { name: level, required: false }]
      topics:
        - outputName: Out
          autoName: true
          topicName: acme.out
          autoPartition: false
          partitions: 6
          replicationFactor: 2
          overrideRetryStrategy: true
          retryStrategy: { strategy: RetryTopics, deadLetterSuffix: lost, steps: [{ index: 1, backoffDuration: 5m, repeat: 2 }] }
          topicParams: [{ name: retention.ms, value: "1" }]
        - { outputName: File, autoName: true, autoPartition: true }
    - { algoRef: { name: called }, version: "1.0.0", index: 1, }
    - { algoRef: { name: started }, version: "1.0.0", index: 1, writeAllOutputs: true }
    - { algoRef: { matchLabels: { tier: gold } }, version: latest, index: 2 }
    - version: latest
      index: 1
      retryEnabled: true
      ownRetryTopics: true
      spec:
        owner: acme
        name: inline
        executor: http
        gpuEnabled: false
        versions:
          - { versionTag: "1.0.0", latest: true, image: { repository: ghcr.io/acme/inline, tag: "1.0.0", imagePullPolicy: Always }, entrypoint: /serve }
        parameters: [{ name: mode, value: fast, sortOrder: 1, required: true }, { name: colour, required: false }]
        inputs:
          - { name: In, isRequired: true, inputDeliveryType: Http, contentTypes: [text/plain], http: { verb: POST, port: 8080, path: /in, headers: { A: b } } }
          - { name: Spare, inputDeliveryType: Http, contentTypes: [] }
        outputs:
          - { name: Out, outputDeliveryType: HttpResponse, contentType: text/plain }
          - { name: File, outputDeliveryType: FileParameter, contentType: text/plain, parameter: --to }
    - version: "1.0.0"
      index: 1
      spec:
        owner: acme
        name: inline-files
        versions: [{ versionTag: "1.0.0", image: { repository: ghcr.io/acme/inline, tag: "1.0.0" }, entrypoint: /start }]
        inputs: [{ name: In, inputDeliveryType: FileParameter, contentTypes: [text/plain], fileParameter: { parameter: --in, delimiter: "," } }]
    - version: "1.0.0"
      index: 1
      spec:
        owner: acme
        name: inline-calls
        executor: grpc
        versions: [{ versionTag: "1.0.0", image: { repository: ghcr.io/acme/inline, tag: "1.0.0" }, entrypoint: /call }]
        inputs: [{ name: In, inputDeliveryType: Grpc, contentTypes: [text/plain], grpc: { port: 50051, protofile: in.proto } }]
  dataConnectors:
    - dataConnectorRef: { name: read-rows }
      version: "1.0.0"
      index: 1
      tasksMax: 2
      replicas: 2
      resources: { limits: { cpu: 1 }, requests: { cpu: 500m } }
      autoscaling: *scaling
      livenessProbe: *liveness
      readinessProbe: *readiness
      options: { table: orders, password: { secretKeyRef: { name: database, key: password } } }
      egress: [{ host: database.acme.svc, port: 5432 }]
      topics:
        - outputName: rows
          autoName: true
          topicName: acme.rows
          autoPartition: false
          partitions: 6
          replicationFactor: 2
          overrideRetryStrategy: true
          retryStrategy: { strategy: RetryTopics, deadLetterSuffix: lost, steps: [{ index: 1, backoffDuration: 5m, repeat: 2 }] }
          topicParams: [{ name: retention.ms, value: "1" }]
        - { outputName: more, autoName: true, autoPartition: true }
    - { dataConnectorRef: { matchLabels: { system: database } }, version: "1.0.0", index: 2, egress: [] }
    - version: "1.0.0"
      index: 1
      tasksMax: 2
      egress: []
      spec:
        dataConnectorType: Sink
        name: files
        connectorClass: org.apache.kafka.connect.file.FileStreamSinkConnector
        versions: [{ versionTag: "1.0.0", image: { repository: ghcr.io/acme/files, tag: "1.0.0", imagePullPolicy: Always } }]
        options: { file: /tmp/rows.txt }
  eventHook:
    image: { repository: ghcr.io/acme/hook, tag: "1.0.0", imagePullPolicy: Always }
    replicas: 2
    resources: { limits: { cpu: 1 }, requests: { cpu: 500m } }
    autoscaling: *scaling
    livenessProbe: *liveness
    readinessProbe: *readiness
    webHooks:
      - { pipelineHookInputName: done, webHookUrl: "https://hooks.acme.example/done", httpVerb: POST, httpHeaders: "A: b" }
  pipes:
    - { sourceComponentType: DataConnector, sourceName: "rows:1.0.0[1]", sourceOutputName: rows, destComponentType: DataConnector, destName: "files:1.0.0[1]", destInputName: lines }
    - { sourceName: "rows:1.0.0[1]", sourceOutputName: rows, destName: "acme/served:1.0.0[1]", destInputName: In }
    - { sourceName: "rows:1.0.0[2]", sourceOutputName: rows, destName: EventHook, destInputName: done }
    - { sourceComponentType: Endpoint, sourceName: Endpoint, sourceOutputName: texts, sourceOutputMessageDataType: FileReference, destComponentType: Algo, destName: "acme/served:1.0.0[1]", destInputName: In }
    - { sourceName: "acme/served:1.0.0[1]", sourceOutputName: Out, destName: EventHook, destInputName: done }
    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/called:1.0.0[1]", destInputName: In }
    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/started:1.0.0[1]", destInputName: In }
    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/served:latest[2]", destInputName: In }
    - { sourceName: Endpoint, sourceOutputName: calls, destName: "acme/served:1.0.0[1]", destInputName: Spare }
    - { sourceName: "acme/served:1.0.0[1]", sourceOutputName: Out, destName: "acme/inline:latest[1]", destInputName: Spare }
    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/inline:latest[1]", destInputName: In }
    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/inline-files:1.0.0[1]", destInputName: In }
    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/inline-calls:1.0.0[1]", destInputName: In }
`;
