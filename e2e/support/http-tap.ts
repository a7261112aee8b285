import { once } from "node:events";
import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { openTapPort, type TapPort } from "./tap-port.ts";

/** A request on its way to a service. */
export interface TappedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Something on the wire that a test holds back. */
interface HeldRequest {
  readonly request: TappedRequest;
  /** Lets it pass. A test that kills the process at its other end never does. */
  release(): void;
  /** Loses it: the connection on which it was breaks. */
  lose(): void;
  /** Sends the same request once more. Comes back when it was answered; the answer is dropped. */
  again(): Promise<void>;
}

/** A proxy in front of Inngest or Pusher, in which a test can stop a request, or its answer, at exactly that point. */
export interface HttpTap extends TapPort {
  /** Holds back the next request that matches: the service never sees it. */
  holdRequest(matches: (request: TappedRequest) => boolean): Promise<HeldRequest>;
  /** Holds back the answer to the next request that matches: the service has acted, and the asker never learns of it. */
  holdReply(matches: (request: TappedRequest) => boolean): Promise<HeldRequest>;
  /** Holds nothing back any more that has not been held back yet. */
  disarm(): void;
  /** Is told of every request that the service has answered, and how. */
  onAnswered(listener: (request: TappedRequest, status: number) => void): void;
  /** From now on everything takes so many milliseconds longer, in either direction; 0 for no longer. */
  slow(delay_ms: number): void;
  close(): Promise<void>;
}

interface Trap {
  readonly where: "request" | "reply";
  readonly matches: (request: TappedRequest) => boolean;
  readonly sprung: (held: HeldRequest) => void;
}

/** Starts the proxy on a free port, or on `port`. Upgraded connections pass through untouched. */
export async function startHttpTap(target: { host: string; port: number }, port = 0): Promise<HttpTap> {
  const traps = new Set<Trap>();
  const listeners = new Set<(request: TappedRequest, status: number) => void>();
  let delay_ms = 0;

  /** Waits, when a test holds what passes here; forever, when it never lets go. */
  const pass = async (where: Trap["where"], request: TappedRequest, again: () => Promise<unknown>) => {
    if (delay_ms > 0) await wait(delay_ms);
    const trap = [...traps].find((candidate) => candidate.where === where && candidate.matches(request));
    if (trap === undefined) return;
    traps.delete(trap);
    await new Promise<void>((release, lose) =>
      trap.sprung({
        request,
        release,
        lose: () => lose(new Error("lost on purpose")),
        again: async () => void (await again().catch(() => undefined)),
      }),
    );
  };

  const forward = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(incoming);
    const request = { method: incoming.method ?? "GET", path: incoming.url ?? "/", body: body.toString() };
    const ask = async () => {
      const outgoing = send({
        ...target,
        method: request.method,
        path: request.path,
        headers: incoming.headers,
        agent: false,
      });
      outgoing.end(body);
      const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
      const answerBody = await buffer(answer);
      for (const listener of listeners) listener(request, answer.statusCode ?? 0);
      return { answer, answerBody };
    };
    await pass("request", request, ask);
    const { answer, answerBody } = await ask();
    await pass("reply", request, ask);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.end(answerBody);
  };

  const server = createServer((incoming, response) => {
    // A service that is down looks to the asker like one behind a broken connection.
    forward(incoming, response).catch(() => response.destroy());
  });
  server.on("upgrade", (incoming: IncomingMessage, socket, head) => {
    const upstream = connect(target, () => {
      const headers = incoming.rawHeaders
        .map((part, index) => part + (index % 2 === 0 ? ": " : "\r\n"))
        .join("");
      upstream.write(`GET ${incoming.url} HTTP/1.1\r\n${headers}\r\n`);
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  const tapPort = await openTapPort(server, port);

  const hold = (where: Trap["where"], matches: Trap["matches"]) =>
    new Promise<HeldRequest>((sprung) => {
      traps.add({ where, matches, sprung });
    });
  return {
    ...tapPort,
    holdRequest: (matches) => hold("request", matches),
    holdReply: (matches) => hold("reply", matches),
    disarm: () => traps.clear(),
    onAnswered: (listener) => void listeners.add(listener),
    slow: (by_ms) => void (delay_ms = by_ms),
    close: () => tapPort.cut(),
  };
}
