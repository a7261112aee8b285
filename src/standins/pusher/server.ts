import { randomInt } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { Standin, StandinOptions } from "../standin.ts";
import { Connection, eventFrame } from "./connection.ts";
import { handleRequest } from "./http-api.ts";
import { parseTarget, type Target } from "./http-request.ts";
import { defaultSettings, Hub, type AppSettings } from "./hub.ts";
import { codes, limits } from "./limits.ts";
import { handleFrame } from "./protocol.ts";
import type { AppCredentials } from "./signature.ts";

/** How long a closing server waits for its clients to join in the closing handshake. */
const closeGrace_ms = 500;

/** What the local Pusher server needs to know: where to listen, which app it serves, and that app's settings. */
export interface PusherOptions extends StandinOptions, AppCredentials {
  readonly settings?: Partial<AppSettings>;
}

/**
 * Starts a server that speaks Pusher Channels' protocols, WebSocket and HTTP on one port, for one app.
 * Channels live in memory: `dataDir` is not used. Rejects when the port is taken.
 */
export async function startPusher(options: PusherOptions): Promise<Standin> {
  const { host, log } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const hub = new Hub(options, settings);
  const server = createServer(
    {
      requestTimeout: settings.requestTimeout_s * 1000,
      headersTimeout: settings.requestTimeout_s * 1000,
      connectionsCheckingInterval: Math.min(settings.requestTimeout_s * 500, 5000),
    },
    (request, response) => void handleRequest(hub, request, response, log),
  );
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frame_bytes,
    perMessageDeflate: false,
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener, a client that breaks off in the middle of the handshake would end the process.
    socket.on("error", () => socket.destroy());
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      admit(hub, webSocket, request.url ?? "", log),
    );
  });
  const port = await listen(server, options.port, host);
  const heartbeat = setInterval(
    () => checkConnections(hub),
    Math.min(settings.activityTimeout_s, settings.pongTimeout_s) * 250,
  );
  let closing: Promise<void> | undefined;
  return {
    port,
    close: () => {
      clearInterval(heartbeat);
      closing ??= closeAll(server, sockets);
      return closing;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Ends everything. 1001 tells clients that the server goes away: pusher-js is back about a second later. */
async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets.clients) socket.close(codes.goingAway, "Server is going away");
  server.closeIdleConnections();
  const impatience = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
  }, closeGrace_ms);
  await ended;
  clearTimeout(impatience);
}

/** Greets a new socket, or closes it with the code that says what is wrong with its address. */
function admit(hub: Hub, socket: WebSocket, url: string, log: (line: string) => void): void {
  // A broken frame is reported here, and `ws` closes the socket with the fitting code by itself.
  socket.on("error", () => undefined);
  const problem = addressProblem(hub, url);
  if (problem) {
    socket.close(problem.code, problem.reason);
    return;
  }
  const socketId = `${randomInt(1, 1_000_000)}.${randomInt(1, 2 ** 47)}`;
  const connection = new Connection(socketId, socket);
  hub.connections.add(connection);
  socket.on("message", (data, isBinary) => receive(hub, connection, isBinary ? undefined : data, log));
  socket.on("ping", () => connection.heard(Date.now()));
  socket.on("pong", () => connection.heard(Date.now()));
  socket.on("close", () => hub.drop(connection));
  const established = { socket_id: socketId, activity_timeout: hub.settings.activityTimeout_s };
  connection.send(eventFrame("pusher:connection_established", established));
}

function receive(
  hub: Hub,
  connection: Connection,
  data: RawData | undefined,
  log: (line: string) => void,
): void {
  // A socket that is being closed may still have frames under way: they come too late.
  if (!hub.connections.has(connection)) return;
  connection.heard(Date.now());
  if (!Buffer.isBuffer(data)) {
    connection.sendError(null, "Invalid message: it must be text");
    return;
  }
  try {
    handleFrame(hub, connection, data.toString("utf8"));
  } catch (error) {
    log(`a message failed: ${String(error)}`);
    connection.sendError(null, "The message could not be handled");
  }
}

function addressProblem(hub: Hub, url: string): { code: number; reason: string } | undefined {
  const target = readTarget(url);
  const [app, key, ...rest] = target?.segments ?? [];
  if (!target || app !== "app" || key === undefined || rest.some((segment) => segment !== "")) {
    return { code: codes.pathNotFound, reason: "Path not found" };
  }
  if (key !== hub.app.key) return { code: codes.unknownKey, reason: "App key not in this cluster" };
  const protocol = target.query.get("protocol");
  if (protocol === undefined) return { code: codes.noProtocol, reason: "No protocol version supplied" };
  if (!/^\d+$/.test(protocol))
    return { code: codes.badProtocolVersion, reason: "Invalid version string format" };
  if (protocol !== "7")
    return { code: codes.unsupportedProtocol, reason: "Unsupported protocol version: only 7" };
  return undefined;
}

function readTarget(url: string): Target | undefined {
  try {
    return parseTarget(url);
  } catch {
    return undefined;
  }
}

function checkConnections(hub: Hub): void {
  const now_ms = Date.now();
  const { activityTimeout_s, pongTimeout_s } = hub.settings;
  for (const connection of hub.connections) {
    if (connection.checkAlive(now_ms, activityTimeout_s * 1000, pongTimeout_s * 1000)) continue;
    hub.close(connection, codes.noPong, "Pong reply not received in time");
  }
  hub.channels.sweep(now_ms);
}
