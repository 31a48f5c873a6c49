export { ConfigError, readConfig } from "./configuration/read-config";
export { readEnvironment, type Environment } from "./configuration/read-environment";
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
export { failedHeaders, type FailureHeaders } from "./messages/failed-headers";
export { smallerDeadLetter } from "./messages/smaller-dead-letter";
export { createLogger, serviceIdentity, type Logger, type ServiceIdentity } from "./monitoring/logger";
export { createMetrics, type Metrics } from "./monitoring/metrics";
export { monitoringAddress } from "./monitoring/monitoring-address";
export { MonitoringServer, type Check, type MonitoringServerOptions } from "./monitoring/monitoring-server";
export { ObjectStorage, type StoredObject, type UploadOptions } from "./storage/object-storage";
export { retryWithBackOff, type BackOff } from "./life-cycle/retry-with-back-off";
export { Slots } from "./life-cycle/slots";
export { timeLimit, type TimeLimit } from "./life-cycle/time-limit";
export { contextOfHeaders, startTracing, traceHeaders, type Tracing } from "./tracing/tracing";
export { bytesOf, type FetchedMessage } from "./kafka/fetched-message";
export { CommittedReader } from "./kafka/committed-reader";
export { GroupConsumer } from "./kafka/group-consumer";
export type { CommitBatch, GroupConsumerOptions, MessageHandler, WorkContext } from "./kafka/message-handler";
export type { Membership } from "./kafka/group-member";
export { commitOffsets, type PartitionOffset, type TopicPartition } from "./kafka/group-offsets";
export { KafkaCluster } from "./kafka/kafka-cluster";
export { errorText, hasKafkaError, isRefusal, kafkaErrors } from "./kafka/kafka-errors";
export type { OutgoingMessage, Written } from "./kafka/outgoing-message";
export { TransactionalProducer } from "./kafka/transactional-producer";
