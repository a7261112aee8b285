import type { Socket } from "node:net";
import type { Doc } from "../bson/value.ts";
import type { MongoError } from "../error.ts";
import { FrameReader } from "./frames.ts";
import { buildReply, parseMessage, type Request } from "./message.ts";

/** Answers a command with an encoded document. Never throws: an error is a document too. */
export type Answer = (command: Doc | MongoError, legacy: boolean) => Uint8Array;

/**
 * Serves one connection: its requests are answered one after another, in the order in which they came. A message that
 * breaks the protocol ends this connection, with the reason in the log, and nothing else.
 */
export function serveConnection(socket: Socket, answer: Answer, log: (line: string) => void): void {
  const reader = new FrameReader();
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    try {
      for (const frame of reader.push(chunk)) {
        if (socket.destroyed) return;
        respond(socket, parseMessage(frame), answer);
      }
    } catch (error) {
      log(`mongo: connection closed: ${error instanceof Error ? error.message : String(error)}`);
      socket.destroy();
    }
  });
}

function respond(socket: Socket, request: Request, answer: Answer): void {
  const body = answer(request.command, request.legacy);
  if (request.silent) return;
  // A client that does not read its answers is not listened to either, or they would pile up here.
  if (!socket.write(buildReply(request, body)) && !socket.isPaused()) {
    socket.pause();
    socket.once("drain", () => socket.resume());
  }
}
