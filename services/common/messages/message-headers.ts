import { messageDataTypes, type MessageDataType } from "./message-data-type";

/** What the headers of a message say, on its whole way from the endpoint to the hook. */
export interface MessageHeaders {
  /** Identifies what a caller sent, and all that the pipeline makes of it. */
  readonly traceID?: string;
  /** Identifies this message: who may get it twice knows it again by this. */
  readonly messageID?: string;
  /** Name of the algo's run that made the message. */
  readonly run?: string;
  readonly contentType?: string;
  readonly fileName?: string;
  readonly messageDataType?: MessageDataType;
  /** The query parameters of the caller's request: they override the parameters of algos. */
  readonly endpointParams?: Readonly<Record<string, string>>;
  /** Name of the run of the algo that waits for another attempt: its name then, too. */
  readonly retryRun?: string;
  readonly retryStepIndex?: number;
  readonly retryNum?: number;
  /** Milliseconds since 1970. */
  readonly retryTimestamp?: number;
  /** W3C Trace Context. */
  readonly traceparent?: string;
  /** W3C Trace Context. */
  readonly tracestate?: string;
  /** Headers that nobody here knows, in their order: they are passed on as they are. */
  readonly others: readonly (readonly [name: string, value: Buffer])[];
}

type Texts =
  "traceID" | "messageID" | "run" | "contentType" | "fileName" | "traceparent" | "tracestate" | "retryRun";
type Numbers = "retryStepIndex" | "retryNum" | "retryTimestamp";

const texts: readonly Texts[] = [
  "traceID",
  "messageID",
  "run",
  "contentType",
  "fileName",
  "traceparent",
  "tracestate",
  "retryRun",
];
const numbers: readonly Numbers[] = ["retryStepIndex", "retryNum", "retryTimestamp"];

/** Bytes of the names that we write: the same in every message, so they are made once. */
const nameBytes: ReadonlyMap<string, Buffer> = new Map(
  [...texts, "messageDataType", "endpointParams", ...numbers].map((name) => [name, Buffer.from(name)]),
);

/** The headers as Kafka carries them, in a fixed order. */
export function encodeHeaders(headers: MessageHeaders): Map<Buffer, Buffer> {
  const encoded = new Map<Buffer, Buffer>();
  const put = (name: string, value: string | Buffer | undefined): void => {
    if (value !== undefined) encoded.set(nameBytes.get(name) ?? Buffer.from(name), Buffer.from(value));
  };
  for (const name of texts) put(name, headers[name]);
  put("messageDataType", headers.messageDataType);
  put("endpointParams", headers.endpointParams && JSON.stringify(headers.endpointParams));
  for (const name of numbers) put(name, headers[name]?.toString());
  // One that is written as we write ours stays another one.
  for (const [name, value] of headers.others) encoded.set(Buffer.from(name), Buffer.from(value));
  return encoded;
}

/**
 * What a message's headers say. A header that is not as we write it, such as a number that is none, counts as unknown:
 * it is no reason to lose the message, and it is passed on.
 */
export function decodeHeaders(pairs: Iterable<readonly [Buffer | string, Buffer | string]>): MessageHeaders {
  const known: Record<string, unknown> = {};
  const others: [string, Buffer][] = [];
  for (const [rawName, rawValue] of pairs) {
    const name = rawName.toString();
    const value = Buffer.from(rawValue);
    const decoded = Object.hasOwn(known, name) ? undefined : decodeValue(name, value.toString());
    if (decoded === undefined) others.push([name, value]);
    else known[name] = decoded;
  }
  return { ...known, others };
}

function decodeValue(name: string, value: string): unknown {
  if (texts.some((text) => text === name)) return value;
  if (numbers.some((number) => number === name)) return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  if (name === "messageDataType") return messageDataTypes.find((type) => type === value);
  return name === "endpointParams" ? decodeParameters(value) : undefined;
}

function decodeParameters(json: string): Readonly<Record<string, string>> | undefined {
  try {
    const data: unknown = JSON.parse(json);
    if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)]));
  } catch {
    return undefined;
  }
}
