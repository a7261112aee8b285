import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createPlainServer, type Server as NetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { isStopping } from "#src/server/stopping.ts";
import type { Admission } from "./admission.ts";
import type { AnswerHeaders } from "./answer-headers.ts";
import { answerBusy } from "./busy.ts";
import { settleAddress, type IsTrusted } from "./client-address.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The app's sockets. */
export interface HttpServer {
  readonly server: Server;
  /** Takes no new connection, lets what is in flight finish, and cuts off what is still there after `grace_ms`. */
  close(grace_ms: number): Promise<void>;
}

const problem = (status: number) =>
  JSON.stringify({ type: "about:blank", title: STATUS_CODES[status], status });

/** What anything here is asked by; Next fails over the others that Node's parser knows. */
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * The path that is asked for. A request line that Node's parser lets through may still be no URL, and then there is none;
 * whatever parses it later would throw.
 */
function pathOf(request: IncomingMessage): string | null {
  const url = request.url ?? "";
  if (!url.startsWith("/") || url.startsWith("//") || url.includes("\\")) return null;
  try {
    return decodeURIComponent(new URL(url, "http://app").pathname);
  } catch {
    return null;
  }
}

/** Pages that Next keeps for its own failures: asked for by name they are a failure, made in advance, without a nonce. */
const isOfNext = (path: string) => path.startsWith("/_global-error") || path.startsWith("/_error");

/** The status that a request gets before anyone else sees it; null where there is nothing wrong with it. */
function refusalOf(request: IncomingMessage, path: string | null): number | null {
  if (!methods.has(request.method ?? "")) return 405;
  if (path === null) return 400;
  return isOfNext(path) ? 404 : null;
}

function answer(response: ServerResponse, status: number): void {
  if (response.headersSent) return void response.destroy();
  if (status === 405) response.setHeader("allow", [...methods].join(", "));
  response.writeHead(status, { "content-type": "application/problem+json", connection: "close" });
  response.end(problem(status));
}

/** What Node's parser refuses never becomes a request: the answer is written to the socket by hand. */
function refuseMalformed(
  error: Error & { code?: string },
  socket: Socket,
  headers: AnswerHeaders["plain"],
): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  const status =
    error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const body = problem(status);
  const lines = Object.entries({
    connection: "close",
    "content-type": "application/problem+json",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
}

/**
 * Node takes in one new connection for each listener and turn of its event loop. When much is asked of it these turns
 * are long, and whoever comes without a connection would wait for seconds before anyone could even refuse them: so
 * several listeners share each port, where the system deals connections out to them.
 */
const listenersAbreast = 16;
const reusePort = process.platform === "linux";

function listen(server: NetServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, reusePort }, () => resolve());
  });
}

const closed = (server: NetServer): Promise<void> =>
  new Promise((resolve) => void server.close(() => resolve()));

/** How requests are served. */
export interface Serving {
  readonly isTrusted: IsTrusted;
  /** What every answer carries, whoever makes it. */
  readonly headers: AnswerHeaders;
  /** Who is let in, when more come than can be answered soon. */
  readonly admission: Admission;
  readonly handler: Handler;
  /** How many listeners share each port (16): by one alone connections are taken in in the order of their coming. */
  readonly listeners?: number;
  readonly onUpgrade?: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | undefined;
}

/**
 * Serves `handler` on every one of `hosts` (the first must work; `localhost` may mean either loopback, and a machine
 * may have one of them only). No request, however broken, ends the process.
 */
export async function startHttpServer(
  hosts: readonly [string, ...string[]],
  port: number,
  { isTrusted, headers, admission, handler, listeners = listenersAbreast, onUpgrade }: Serving,
): Promise<HttpServer> {
  let closing = false;
  const server = createServer(
    // A proxy in front keeps its connections for about a minute; ours must not close first, under a request.
    { maxHeaderSize: 16_384, headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 },
    (request, response) => {
      for (const [name, value] of Object.entries(headers.for(request.headers)))
        response.setHeader(name, value);
      // Who keeps a connection is to come back by another one, which leads to a process that stays.
      if (isStopping()) response.setHeader("connection", "close");
      const path = pathOf(request);
      const refusal = refusalOf(request, path);
      if (refusal !== null) return answer(response, refusal);
      // A connection that was kept alive is idle once its last answer is out, and would hold up the stop.
      response.on("close", () => closing && setImmediate(() => server.closeIdleConnections()));
      // The listener is closed: this came by a connection on which another request is still under way.
      if (closing) return answerBusy(request, response, path ?? "/");
      // No page here has an action of the server's to be called by its id, and Next says so on stderr each time.
      delete request.headers["next-action"];
      settleAddress(request.headers, request.socket.remoteAddress ?? "", isTrusted);
      const work = () => handler(request, response).catch(() => answer(response, 500));
      admission.admit(request, response, path ?? "/", work);
    },
  );
  // Node's own refusal of an expectation it does not know would carry none of the headers.
  server.on("checkExpectation", (request, response) => {
    for (const [name, value] of Object.entries(headers.for(request.headers))) response.setHeader(name, value);
    answer(response, 417);
  });
  server.on("clientError", (error, socket: Socket) => refuseMalformed(error, socket, headers.plain));
  // Without this listener Node serves a request for an upgrade as any other, which is right in production.
  const upgraded = new Set<Duplex>();
  if (onUpgrade !== undefined)
    server.on("upgrade", (request, socket, head) => {
      upgraded.add(socket);
      socket.on("close", () => upgraded.delete(socket));
      onUpgrade(request, socket, head);
    });

  const [first, ...others] = hosts;
  await listen(server, first, port);
  const address = server.address();
  const taken = address !== null && typeof address === "object" ? address.port : port;
  const abreast = (host: string, count: number) => Array.from({ length: count }, () => host);
  const beside = reusePort ? listeners - 1 : 0;
  const doors = await Promise.all(
    [...abreast(first, beside), ...others.flatMap((host) => abreast(host, 1 + beside))].map(async (host) => {
      const door = createPlainServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        server.emit("connection", socket);
      });
      await listen(door, host, taken).catch(() => undefined);
      return door;
    }),
  );
  return {
    server,
    close: async (grace_ms) => {
      closing = true;
      const allClosed = Promise.all([server, ...doors].map(closed));
      // Web sockets never end by themselves.
      for (const socket of upgraded) socket.destroy();
      // Connections that hang would keep us for ever.
      const deadline = setTimeout(() => server.closeAllConnections(), grace_ms);
      await allClosed;
      clearTimeout(deadline);
    },
  };
}
