/** Where the bytes of a message are: in the message itself, or in object storage, with a pointer in the message. */
export const messageDataTypes = ["Embedded", "FileReference"] as const;

/** One of {@link messageDataTypes}. */
export type MessageDataType = (typeof messageDataTypes)[number];
