import { z } from "zod";

/** What a message holds instead of bytes that are in object storage. */
const fileReferenceSchema = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  /** Bytes. */
  size: z.int().nonnegative(),
  contentType: z.string().optional(),
  fileName: z.string().optional(),
  /** Digest of the bytes, in hexadecimal. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

/** See {@link fileReferenceSchema}. */
export type FileReference = Readonly<z.output<typeof fileReferenceSchema>>;

/** A message's value: one line of JSON. */
export function writeFileReference(reference: FileReference): Buffer {
  return Buffer.from(JSON.stringify(fileReferenceSchema.parse(reference)));
}

/** Reads a message's value; undefined when it is no reference. */
export function readFileReference(value: Buffer): FileReference | undefined {
  try {
    return fileReferenceSchema.safeParse(JSON.parse(value.toString())).data;
  } catch {
    return undefined;
  }
}
