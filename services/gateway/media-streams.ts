import { join } from "node:path";
import { encodeHeaders, type Logger, type Metrics, type ObjectStorage } from "@algorun/common";
import { MediaIngest, type MediaStream } from "@algorun/media-ingest";
import type { GatewayConfig } from "./configuration/gateway-config";
import type { Delivery } from "./delivery/delivery";
import { volumeShares } from "./limits/volume-shares";
import { mediaFolder } from "./log/topic-logs";

/** What media streams need of a gateway. */
export interface MediaStreamsOptions {
  readonly config: GatewayConfig;
  /** Of the RTMP server; undefined: there is none. */
  readonly address: string | undefined;
  /** Name of the pod. */
  readonly instance: string;
  readonly delivery: Pick<Delivery, "accept">;
  readonly storage: ObjectStorage | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Begins to play the streams of a gateway's paths; undefined when it has none. The first pod of an endpoint plays all of
 * them, since each that did would send all pieces.
 */
export function startMediaStreams(options: MediaStreamsOptions): MediaIngest | undefined {
  const { config, address, instance, delivery, storage, logger, metrics } = options;
  const streams = config.paths.flatMap((path): readonly MediaStream[] => {
    if (path.protocol !== "rtmp" || path.streamKeyFile === undefined) return [];
    const { name, topic, contentType, streamKeyFile } = path;
    return [{ path: name, topic, contentType, streamKeyFile }];
  });
  if (streams.length === 0) return undefined;
  if (address === undefined || storage === undefined) {
    logger.error("media streams are not played: RTMP_ADDRESS or the bucket is missing");
    return undefined;
  }
  if (/-[1-9]\d*$/.test(instance)) return undefined;
  const ingest = new MediaIngest({
    streams,
    address,
    folder: join(config.producer.wal.path, mediaFolder),
    bufferBytes: volumeShares(config).pieces,
    store: storage,
    send: async ({ topic, key, headers, value }) => {
      const message = {
        topic,
        key: Buffer.from(key),
        headers: encodeHeaders(headers),
        value,
        timestamp: Date.now(),
      };
      await delivery.accept(message);
    },
    logger,
    metrics,
  });
  ingest.start();
  return ingest;
}
