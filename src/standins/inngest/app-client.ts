import { Agent, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { Agent as SecureAgent, request as httpsRequest } from "node:https";

/** A step may run this long before the request is given up, as in the real service. */
const MAX_CALL_MS = 2 * 60 * 60 * 1000;
/** The most that an app may answer: 4 MiB of output and 4 MiB of input, with room for their JSON. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** What a request to an app came to: an answer, or word that the app could not be reached or went away. */
export type Reply =
  | { kind: "answer"; status: number; headers: IncomingHttpHeaders; body: string }
  | { kind: "away"; reason: string };

/** Calls apps over connections that are kept open. */
export interface AppClient {
  post(url: string, headers: OutgoingHttpHeaders, body: string): Promise<Reply>;
  /** Ends every connection; requests under way come back as `away`. */
  close(): void;
}

/** Makes a client with at most so many connections to an app. */
export function makeAppClient(maxSockets: number): AppClient {
  const options = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: "lifo" as const };
  const plain = new Agent(options);
  const secure = new SecureAgent(options);
  let isClosed = false;

  function attempt(
    url: URL,
    headers: OutgoingHttpHeaders,
    body: string,
  ): Promise<Reply & { isStaleSocket?: boolean }> {
    return new Promise((resolve) => {
      const isSecure = url.protocol === "https:";
      const send = isSecure ? httpsRequest : httpRequest;
      const request = send(url, {
        method: "POST",
        agent: isSecure ? secure : plain,
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
      });
      const fail = (error: Error, isStaleSocket = false) => {
        resolve({ kind: "away", reason: error.message, isStaleSocket });
      };
      /** The app is there, but what it does is no use: that counts as an attempt. */
      const giveUp = (reason: string) => {
        resolve({ kind: "answer", status: 500, headers: {}, body: reason });
        request.destroy();
      };
      request.setTimeout(MAX_CALL_MS, () => giveUp("the app did not answer within two hours"));
      request.on("error", (error) => {
        // A kept connection may have been closed by the app before it read anything: that says nothing about the app.
        fail(error, request.reusedSocket && "code" in error && error.code === "ECONNRESET");
      });
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) giveUp("the app's answer is too large");
          else chunks.push(chunk);
        });
        response.on("error", (error) => fail(error));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({
            kind: "answer",
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text,
          });
        });
      });
      request.end(body);
    });
  }

  return {
    async post(url, headers, body) {
      const target = new URL(url);
      const { isStaleSocket, ...first } = await attempt(target, headers, body);
      if (!isStaleSocket || isClosed) return first;
      const { isStaleSocket: _, ...second } = await attempt(target, headers, body);
      return second;
    },
    close() {
      isClosed = true;
      plain.destroy();
      secure.destroy();
    },
  };
}
