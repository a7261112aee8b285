import type { IncomingMessage } from "node:http";

/** An answer other than success: Pusher sends its reason as plain text. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Where a request is addressed, taken apart without `new URL`, which throws on what anyone may send. */
export interface Target {
  readonly rawPath: string;
  readonly path: string;
  /** The path's parts, unescaped: an escaped slash stays inside its part. */
  readonly segments: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

/** Takes a request target apart. Throws an HttpError 400 for any that is not a plain, unambiguous path. */
export function parseTarget(target: string): Target {
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  if (!rawPath.startsWith("/") || rawPath.startsWith("//")) throw new HttpError(400, "Bad request target");
  const segments = rawPath.slice(1).split("/").map(unescape);
  const query = new Map<string, string>();
  for (const pair of mark < 0 ? [] : target.slice(mark + 1).split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = unescape(equals < 0 ? pair : pair.slice(0, equals));
    // Two values for one name could be signed as one and read as the other.
    if (query.has(name)) throw new HttpError(400, `The query string parameter ${name} is given twice`);
    query.set(name, equals < 0 ? "" : unescape(pair.slice(equals + 1)));
  }
  return { rawPath, path: `/${segments.join("/")}`, segments, query };
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, "Bad escape in the request target");
  }
}

/**
 * Reads the whole body. Throws an HttpError 413 when it is longer than `limit_bytes`, but only at its end:
 * a client that is still sending would see a broken connection instead of the answer.
 */
export async function readBody(request: IncomingMessage, limit_bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length_bytes = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length_bytes += bytes.length;
    if (length_bytes <= limit_bytes) chunks.push(bytes);
    else chunks.length = 0;
  }
  if (length_bytes <= limit_bytes) return Buffer.concat(chunks);
  throw new HttpError(413, `The request body exceeds the allowed maximum (${limit_bytes} bytes)`);
}
