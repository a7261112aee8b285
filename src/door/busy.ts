import { randomInt } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { problems } from "#src/contract/problems.ts";

/** Whoever is turned away comes back after 1 to 4 seconds, and not all at once. */
const retryAfter_s = () => String(randomInt(1, 5));
/** A body up to this size is read to its end and dropped, so that its connection serves again. */
const smallBody = 16_384;

/** For a person who has opened a page: in both languages, since whose it is nobody has looked up yet. */
const page = `<!doctype html>
<html lang="en">
<title>Goalkeeper</title>
<p>Too many people are here at this moment. This page tries again by itself in a few seconds.</p>
<p lang="zh-Hant">目前使用人數過多。本頁會在幾秒後自動重試。</p>
</html>
`;

const problemOf = (path: string) => {
  const { status, title } = problems.unavailable;
  const code = "unavailable";
  return JSON.stringify({ type: `urn:goalkeeper:problem:${code}`, title, status, code, instance: path });
};

/**
 * Answers 503 with when to come back: the problem `unavailable`, or a page that comes back by itself to a browser that
 * opens one. Nothing was done, and repeating is safe.
 */
export function answerBusy(request: IncomingMessage, response: ServerResponse, path: string): void {
  const {
    "content-length": length = "0",
    "transfer-encoding": chunked,
    "sec-fetch-dest": wanted,
  } = request.headers;
  if (chunked !== undefined || Number(length) > smallBody) response.setHeader("connection", "close");
  const isPage = wanted === "document" && request.method === "GET";
  const wait_s = retryAfter_s();
  response.writeHead(problems.unavailable.status, {
    "content-type": isPage ? "text/html; charset=utf-8" : "application/problem+json",
    "cache-control": "no-store",
    "retry-after": wait_s,
    ...(isPage ? { refresh: wait_s } : {}),
  });
  response.end(isPage ? page : problemOf(path));
}
