import type { WebSocket } from "ws";
import { limits } from "./limits.ts";

/** One event as a frame, made once and sent to however many sockets. Pusher's `data` is JSON text in JSON. */
export function eventFrame(event: string, data: unknown, extra: Record<string, string> = {}): Buffer {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return Buffer.from(JSON.stringify({ event, data: text, ...extra }));
}

/** Who signed in on a socket (`pusher:signin`). */
export interface SignedInUser {
  readonly id: string;
  readonly userInfo: unknown;
  /** The users whose coming and going this socket hears of. */
  readonly watchlist: readonly string[];
}

/** One client's socket, with what the server remembers of it. */
export class Connection {
  readonly socketId: string;
  /** The names of the channels that it is subscribed to. */
  readonly channels = new Set<string>();
  /** Who signed in on it, once somebody has. */
  user: SignedInUser | undefined;
  readonly #socket: WebSocket;
  #lastHeard_ms = Date.now();
  #pinged_ms: number | undefined;
  #clientEvents: { second: number; count: number } = { second: 0, count: 0 };

  constructor(socketId: string, socket: WebSocket) {
    this.socketId = socketId;
    this.#socket = socket;
  }

  /** Sends a finished frame. A socket that reads too slowly to take it is cut off, and its client reconnects. */
  send(frame: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > limits.unsent_bytes) {
      this.#socket.terminate();
      return;
    }
    this.#socket.send(frame, { binary: false });
  }

  /** Tells the client that what it asked for is refused; the socket stays open. */
  sendError(code: number | null, message: string): void {
    this.send(Buffer.from(JSON.stringify({ event: "pusher:error", data: { code, message } })));
  }

  /** Starts the closing handshake; a client that does not join in is cut off by `ws` after its own time. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Notes that the client is alive: any frame of its is proof enough. */
  heard(now_ms: number): void {
    this.#lastHeard_ms = now_ms;
    this.#pinged_ms = undefined;
  }

  /** Pings a silent client. Returns false once a ping has gone unanswered for too long: the client is dead. */
  checkAlive(now_ms: number, activityTimeout_ms: number, pongTimeout_ms: number): boolean {
    if (this.#pinged_ms !== undefined) return now_ms - this.#pinged_ms < pongTimeout_ms;
    if (now_ms - this.#lastHeard_ms >= activityTimeout_ms) {
      this.#pinged_ms = now_ms;
      this.send(eventFrame("pusher:ping", {}));
    }
    return true;
  }

  /** Counts a client event. Returns false when it is one too many for this second. */
  takeClientEvent(now_ms: number): boolean {
    const second = Math.floor(now_ms / 1000);
    if (this.#clientEvents.second !== second) this.#clientEvents = { second, count: 0 };
    this.#clientEvents.count += 1;
    return this.#clientEvents.count <= limits.clientEventsPerSecond;
  }
}
