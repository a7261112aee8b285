import type { IncomingMessage, ServerResponse } from "node:http";

/** The largest request body that is read, in bytes: a step's output may have 4 MiB, several come at once. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** How much of a refused body is still read, in bytes and milliseconds. */
const MAX_DROP_BYTES = 1024 * 1024;
const MAX_DROP_MS = 1000;

/** A request that is refused, with the status and the words for it. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  /** The code of a v2 error. */
  readonly code: string;

  constructor(status: number, message: string, code = "invalid_request") {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * The body of a request as text.
 * @throws HttpError 413 when it is too large
 */
export function readBody(request: IncomingMessage): Promise<string> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > MAX_BODY_BYTES) return Promise.reject(new HttpError(413, "request body too large"));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (error: Error) => {
      request.off("data", take);
      reject(error);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) fail(new HttpError(413, "request body too large"));
      else chunks.push(chunk);
    };
    request.on("data", take);
    request.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.once("error", fail);
    request.once("close", () => fail(new Error("the request ended early")));
  });
}

/** Reads and drops what is left of a body, a little of it and not for long: a client that still writes may miss the answer. */
export async function dropBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let size = 0;
    const timer = setTimeout(resolve, MAX_DROP_MS);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_DROP_BYTES) end();
    });
    request.once("end", end).once("close", end).once("error", end);
  });
  request.pause();
}

/**
 * Parses JSON. Lone surrogates become U+FFFD, as in the real service: what holds one could not be signed.
 * @throws HttpError 400 when it is none
 */
export function parseJson(text: string): unknown {
  try {
    const hasSurrogates = /\\ud[89a-f]/i.test(text);
    if (!hasSurrogates) return JSON.parse(text);
    return JSON.parse(text, (_, value: unknown) => {
      if (typeof value === "string") return value.toWellFormed();
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key.toWellFormed(), part]));
    });
  } catch (error) {
    throw new HttpError(400, `invalid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
