export { MediaIngest, type MediaIngestOptions } from "./media-ingest";
export type { MediaStream } from "./media-stream";
export type { MessageSender, PieceStore, PieceMessage } from "./piece-delivery";
