import { Socket } from "node:net";
import PusherServer from "pusher";
import PusherClient, { type Channel } from "pusher-js";
import { vi } from "vitest";
import { WebSocket } from "ws";
import type { Standin } from "../standin.ts";
import { startPusher, type PusherOptions } from "./server.ts";

/** The app of every test. */
export const app = { appId: "4711", key: "a-key", secret: "a-secret" };

const host = "127.0.0.1";
const endings: (() => Promise<void> | void)[] = [];

/** Ends what the last test started, the newest first. */
export async function endAll(): Promise<void> {
  for (const end of endings.splice(0).toReversed()) await end();
}

/** Starts the server on a free port, or on the one given. */
export async function start(settings: PusherOptions["settings"] = {}, port = 0): Promise<Standin> {
  const server = await startPusher({ host, port, dataDir: "", log: () => undefined, ...app, settings });
  endings.push(() => server.close());
  return server;
}

/** Pusher's server SDK, as the app uses it. */
export function sdk(port: number, changed: Partial<PusherServer.Options> = {}): PusherServer {
  return new PusherServer({ ...app, host, port: String(port), useTLS: false, timeout: 5000, ...changed });
}

/** Posts what the SDK's own methods would not. Its type asks for a string, but it makes JSON of whatever it is given. */
export function post(port: number, path: string, body: object): Promise<unknown> {
  return sdk(port).post({ path, body: body as unknown as string });
}

/** Who a test client is, and what its app's server signs for it. */
interface ClientOptions {
  /** The user of presence channels, and of `signin()`. */
  readonly user?: { id: string; info?: Record<string, unknown>; watchlist?: string[] };
  /** What the app's server answers to an authorization request, where that is not the honest answer. */
  readonly authorize?: (socketId: string, channel: string) => { auth: string; channel_data?: string };
  readonly key?: string;
}

/** One message of the server's, in the order of arrival. */
interface Received {
  readonly channel: string;
  readonly event: string;
  readonly data: unknown;
}

/** pusher-js, connected, with all that it received. */
export class TestClient {
  readonly pusher: PusherClient;
  readonly received: Received[] = [];
  readonly errors: { code: number | null; message: string }[] = [];

  constructor(port: number, { user, authorize, key = app.key }: ClientOptions = {}) {
    const server = sdk(port);
    const honest = (socketId: string, channel: string) =>
      channel.startsWith("presence-") && user
        ? server.authorizeChannel(socketId, channel, { user_id: user.id, user_info: user.info ?? {} })
        : server.authorizeChannel(socketId, channel);
    this.pusher = new PusherClient(key, {
      cluster: "local",
      wsHost: host,
      wsPort: port,
      forceTLS: false,
      enabledTransports: ["ws"],
      channelAuthorization: {
        customHandler: ({ socketId, channelName }, callback) =>
          callback(null, (authorize ?? honest)(socketId, channelName)),
      },
      userAuthentication: {
        customHandler: ({ socketId }, callback) => {
          const data = { id: user?.id ?? "", user_info: user?.info ?? {}, watchlist: user?.watchlist ?? [] };
          callback(null, server.authenticateUser(socketId, data));
        },
      },
    });
    this.pusher.bind_global((event: string, data: unknown) =>
      this.received.push({ channel: "", event, data }),
    );
    this.pusher.connection.bind("error", (error: { data?: never; error?: { data: never } }) => {
      const data = error.data ?? error.error?.data;
      if (data) this.errors.push(data);
    });
    endings.push(() => this.pusher.disconnect());
  }

  get socketId(): string {
    return this.pusher.connection.socket_id;
  }

  async connected(): Promise<this> {
    await eventually(() => this.pusher.connection.state === "connected");
    return this;
  }

  /** Subscribes and waits until the server has said yes. */
  async subscribe(name: string): Promise<Channel> {
    const channel = this.pusher.subscribe(name);
    channel.bind_global((event: string, data: unknown) => this.received.push({ channel: name, event, data }));
    await eventually(() => channel.subscribed);
    return channel;
  }

  /** The data of every event of this name, in the order of arrival. */
  got(event: string): unknown[] {
    return this.received.filter((one) => one.channel !== "" && one.event === event).map((one) => one.data);
  }
}

/** Connects pusher-js. */
export function client(port: number, options: ClientOptions = {}): Promise<TestClient> {
  return new TestClient(port, options).connected();
}

/** Waits until something is so, for at most five seconds. */
export async function eventually(isSo: () => boolean): Promise<void> {
  await vi.waitUntil(isSo, { timeout: 5000, interval: 5 });
}

/** A bare WebSocket, for what no honest client sends. */
export class RawClient {
  readonly socket: WebSocket;
  readonly frames: { event: string; channel?: string; data: unknown }[] = [];
  closed: { code: number; reason: string } | undefined;

  constructor(port: number, path = `/app/${app.key}?protocol=7`) {
    this.socket = new WebSocket(`ws://${host}:${port}${path}`);
    this.socket.on("message", (data: Buffer) => this.frames.push(JSON.parse(data.toString("utf8"))));
    this.socket.on("close", (code, reason) => (this.closed = { code, reason: reason.toString("utf8") }));
    this.socket.on("error", () => undefined);
    endings.push(() => this.socket.terminate());
  }

  async opened(): Promise<this> {
    await eventually(() => this.frames.length > 0);
    return this;
  }

  get socketId(): string {
    const { socket_id: id } = JSON.parse(String(this.frames[0]?.data)) as { socket_id: string };
    return id;
  }

  send(event: string, data: unknown, channel?: string): void {
    this.socket.send(JSON.stringify({ event, data, channel }));
  }

  /** Waits for a frame of this event, and takes it. */
  async take(event: string): Promise<{ event: string; channel?: string; data: unknown }> {
    await eventually(() => this.frames.some((frame) => frame.event === event));
    const index = this.frames.findIndex((frame) => frame.event === event);
    const [frame] = this.frames.splice(index, 1);
    if (!frame) throw new Error(`no ${event} frame`);
    return frame;
  }
}

/** Sends bytes over TCP and returns all that comes back until the server ends the connection. */
export function rawRequest(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = new Socket();
    let answer = "";
    socket.on("data", (data) => (answer += data.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
    socket.connect(port, host, () => socket.write(bytes, "latin1"));
    endings.push(() => void socket.destroy());
  });
}

/** Runs an SDK call and returns the status and reason with which the server refused it; 200 when it did not. */
export async function refusal(call: () => Promise<unknown>): Promise<{ status: number; body: string }> {
  try {
    await call();
    return { status: 200, body: "" };
  } catch (error) {
    if (error instanceof PusherServer.RequestError) {
      return { status: error.status ?? 0, body: error.body ?? error.message };
    }
    throw error;
  }
}
