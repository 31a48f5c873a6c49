/** A path of an endpoint that takes a media stream. */
export interface MediaStream {
  /** Name of the path. */
  readonly path: string;
  readonly topic: string;
  /** What its pieces shall be: `video/mp4` or, as without it and for every other type, `video/mp2t`. */
  readonly contentType?: string | undefined;
  /** File with the name of the stream and the key to play it. */
  readonly streamKeyFile: string;
}

/** How pieces of a stream are written. */
export interface PieceFormat {
  readonly contentType: string;
  /** Of file names, without a dot. */
  readonly extension: string;
  /** ffmpeg's name, and its options. */
  readonly muxer: string;
  readonly muxerOptions?: string;
}

/** A piece is whole by itself: it begins with a key frame, and says what is in it. */
const formats = {
  "video/mp4": {
    contentType: "video/mp4",
    extension: "mp4",
    muxer: "mp4",
    // Without a table at the end, so that a piece that was cut off can be played, too.
    muxerOptions: "movflags=+frag_keyframe+empty_moov+default_base_moof",
  },
  "video/mp2t": { contentType: "video/mp2t", extension: "ts", muxer: "mpegts" },
} as const satisfies Readonly<Record<string, PieceFormat>>;

/** The format of a stream's pieces. Nothing is encoded anew, so that a stream of another type comes as MPEG-TS. */
export function formatOf({ contentType }: Pick<MediaStream, "contentType">): PieceFormat {
  return contentType === "video/mp4" ? formats["video/mp4"] : formats["video/mp2t"];
}
