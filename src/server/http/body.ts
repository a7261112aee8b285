import { ProblemError } from "#src/contract/problems.ts";

const smallBytes = 1_024;

/**
 * Reads a small JSON body: at most 1 KiB, whatever its length header says. Throws `unsupported_media_type`,
 * `body_too_large` or `invalid_body`.
 */
export async function readSmallJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new ProblemError("unsupported_media_type");
  const text = await readText(request);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ProblemError("invalid_body", { cause });
  }
}

/** Whether a request by this method has no body, and changes nothing. */
export const isReading = (method: string) => method === "GET" || method === "HEAD";

/** Reads a small body of UTF-8 text: at most 1 KiB, or `maxBytes`. Throws `body_too_large` or `invalid_body`. */
export async function readText(request: Request, maxBytes = smallBytes): Promise<string> {
  const declared = request.headers.get("content-length");
  if (Number(declared ?? 0) > maxBytes) throw new ProblemError("body_too_large");
  try {
    // What says its length cannot be longer: the server reads no further. That spares a stream.
    const bytes = declared === null ? await readAtMost(request, maxBytes) : await request.arrayBuffer();
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError("invalid_body", { cause });
  }
}

/** Reads what comes in chunks of any number, and stops where it becomes too long. */
async function readAtMost(request: Request, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new ProblemError("body_too_large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
