import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { z } from "zod";
import { GatewayProblem } from "../intake/gateway-problem";
import { CallerGone } from "./caller-gone";
import { bodyOf } from "./request-body";

/** The file of a form, and the fields that stand before it. */
export interface UploadForm {
  readonly fileName: string | undefined;
  readonly contentType: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

const chunkSchema = z.instanceof(Buffer);
const limits = { files: 1, fields: 100, fieldSize: 16 * 1024, fieldNameSize: 256, headerPairs: 20 };

/** Whether a request's body is a form. */
export function isForm(request: IncomingMessage): boolean {
  return /^multipart\/form-data\s*;/i.test(request.headers["content-type"] ?? "");
}

/**
 * Reads a form (`multipart/form-data`) up to its file, which is then read as slowly as it is taken. A form has one file,
 * and its fields before it.
 *
 * @throws GatewayProblem when it is no such form
 */
export async function readForm(request: IncomingMessage): Promise<UploadForm> {
  const form = startParser(request);
  const fields = new Map<string, string>();
  return await new Promise<UploadForm>((resolve, reject) => {
    const failed = (error: unknown): void => {
      reject(wrongForm(error));
    };
    form.on("field", (name, value, nameTruncated, valueTruncated) => {
      if (nameTruncated || valueTruncated || fields.has(name))
        failed(new Error("a field is too long, or there twice"));
      else fields.set(name, value);
    });
    form.on("file", (_name, stream, fileName, _encoding, contentType) => {
      resolve({
        fileName: fileName === "" ? undefined : fileName,
        contentType,
        fields: Object.fromEntries(fields),
        body: fileOf(stream, form),
      });
    });
    form.on("finish", () => {
      failed(new Error("it has no file"));
    });
    form.on("error", failed);
    void feed(request, form).catch(failed);
  });
}

function startParser(request: IncomingMessage): BusboyInstance {
  try {
    const contentType = request.headers["content-type"] ?? "";
    return new Busboy({ headers: { ...request.headers, "content-type": contentType }, limits });
  } catch (error) {
    throw wrongForm(error);
  }
}

/** Gives the parser the body, and waits whenever it has enough. */
async function feed(request: IncomingMessage, form: BusboyInstance): Promise<void> {
  try {
    for await (const chunk of bodyOf(request)) {
      if (form.destroyed) return;
      if (!form.write(chunk)) await onceDrained(form);
    }
    form.end();
  } catch (error) {
    form.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

async function onceDrained(form: BusboyInstance): Promise<void> {
  await new Promise<void>((resolve) => {
    form.once("drain", resolve);
    form.once("close", resolve);
  });
}

async function* fileOf(stream: Readable, form: BusboyInstance): AsyncGenerator<Buffer> {
  const ended = new Promise<void>((resolve, reject) => {
    form.once("finish", resolve);
    form.once("error", reject);
    form.once("filesLimit", () => {
      reject(new Error("it has more than one file"));
    });
  });
  // It is looked at after the file, and may fail before.
  ended.catch((error: unknown) => stream.destroy(error instanceof Error ? error : undefined));
  try {
    for await (const chunk of stream) yield chunkSchema.parse(chunk);
    // The file counts when the form is whole: a caller who goes away leaves no message.
    await ended;
  } catch (error) {
    throw wrongForm(error);
  } finally {
    form.destroy();
  }
}

function wrongForm(error: unknown): Error {
  if (error instanceof CallerGone || error instanceof GatewayProblem) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new GatewayProblem(
    "badRequest",
    `the form can't be read, expected fields and then one file: ${reason}`,
    { cause: error },
  );
}
