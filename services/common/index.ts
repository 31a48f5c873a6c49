export { ConfigError, readConfig } from "./configuration/read-config";
export { listenAddress, type ListenAddress } from "./configuration/listen-address";
export { kafkaConnection, type KafkaConnectionOptions } from "./kafka/kafka-connection";
export { kafkaSettings, type KafkaSettings } from "./kafka/kafka-settings";
export { runService, type RunningService, type ServiceOptions } from "./life-cycle/run-service";
export { decodeHeaders, encodeHeaders, type MessageHeaders } from "./messages/message-headers";
export {
  fileReferenceSchema,
  readFileReference,
  writeFileReference,
  type FileReference,
} from "./messages/file-reference";
export { messageDataTypes, type MessageDataType } from "./messages/message-data-type";
export { createLogger, type Logger, type ServiceIdentity } from "./monitoring/logger";
export { createMetrics, type Metrics } from "./monitoring/metrics";
export { MonitoringServer, type Check, type MonitoringServerOptions } from "./monitoring/monitoring-server";
export { ObjectStorage, type StoredObject, type UploadOptions } from "./storage/object-storage";
export { retryWithBackOff, type BackOff } from "./life-cycle/retry-with-back-off";
export { contextOfHeaders, startTracing, traceHeaders, type Tracing } from "./tracing/tracing";
