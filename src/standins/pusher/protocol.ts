import { channelTraits } from "./channel-name.ts";
import { eventFrame, type Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { isObject, parseJson, type JsonObject } from "./json.ts";
import { codes, limits } from "./limits.ts";
import { decideSignIn, decideSubscription } from "./subscription.ts";

/** Answers one frame of a client by Pusher's protocol 7. Whatever it holds, the worst answer is `pusher:error`. */
export function handleFrame(hub: Hub, connection: Connection, text: string): void {
  const frame = parseJson(text);
  if (!isObject(frame) || typeof frame["event"] !== "string") {
    connection.sendError(null, "Invalid message: it must be a JSON object with an event name");
    return;
  }
  const event = frame["event"];
  const data = isObject(frame["data"]) ? frame["data"] : {};
  switch (event) {
    case "pusher:ping":
      connection.send(eventFrame("pusher:pong", {}));
      return;
    case "pusher:pong":
      return;
    case "pusher:subscribe":
      subscribe(hub, connection, data);
      return;
    case "pusher:unsubscribe":
      unsubscribe(hub, connection, data);
      return;
    case "pusher:signin":
      signIn(hub, connection, data);
      return;
    default:
      if (event.startsWith("client-")) relayClientEvent(hub, connection, event, frame);
      else connection.sendError(null, `Unsupported event received on socket: '${event.slice(0, 200)}'`);
  }
}

function subscribe(hub: Hub, connection: Connection, data: JsonObject): void {
  const name = data["channel"];
  if (typeof name !== "string") {
    connection.sendError(null, "Invalid subscription: it must name a channel");
    return;
  }
  if (connection.channels.has(name)) {
    connection.sendError(null, `Existing subscription to channel ${name}`);
    return;
  }
  const { socketId, user } = connection;
  const members = hub.channels.members(name);
  const decision = decideSubscription(name, data, { app: hub.app, socketId, user, members });
  if (decision.kind === "refuse") connection.sendError(decision.code, decision.message);
  else hub.channels.subscribe(connection, name, decision.member, Date.now());
}

function unsubscribe(hub: Hub, connection: Connection, data: JsonObject): void {
  const name = data["channel"];
  if (typeof name === "string" && hub.channels.unsubscribe(connection, name)) return;
  connection.sendError(
    null,
    `No current subscription to channel ${String(name)}, or subscription in progress`,
  );
}

function signIn(hub: Hub, connection: Connection, data: JsonObject): void {
  const decision = decideSignIn(data, hub.app, connection.socketId);
  if (decision.kind === "refuse") {
    connection.sendError(decision.code, decision.message);
    // Someone who is not who they say has no business on this socket; a watchlist that is too long is a mistake.
    if (decision.code === codes.unauthorized)
      hub.close(connection, codes.unauthorized, "Connection not authorized");
    return;
  }
  if (connection.user && connection.user.id !== decision.user.id) {
    connection.sendError(null, "Another user is signed in on this connection");
    return;
  }
  connection.send(eventFrame("pusher:signin_success", { user_data: data["user_data"] }));
  hub.users.signIn(connection, decision.user);
}

function relayClientEvent(hub: Hub, connection: Connection, event: string, frame: JsonObject): void {
  const { channel, data } = frame;
  if (typeof channel !== "string" || data === undefined) {
    connection.sendError(null, "Invalid client event (must contain channel and data)");
    return;
  }
  const problem = clientEventProblem(hub, connection, event, channel, data);
  if (problem !== undefined) {
    connection.sendError(codes.clientEventRejected, problem);
    return;
  }
  const userId = hub.channels.members(channel)?.userOf(connection);
  const relayed = { event, channel, data, ...(userId === undefined ? {} : { user_id: userId }) };
  hub.channels.relay(channel, Buffer.from(JSON.stringify(relayed)), connection);
}

function clientEventProblem(hub: Hub, connection: Connection, event: string, channel: string, data: unknown) {
  if (!hub.settings.clientEvents) {
    return "To send client events, you must enable this feature in the Settings page of your dashboard.";
  }
  if (!connection.channels.has(channel))
    return `Client event rejected - not subscribed to channel ${channel}`;
  const { access, encrypted } = channelTraits(channel);
  if ((access !== "private" && access !== "presence") || encrypted) {
    return "Client event rejected - only supported on private and presence channels";
  }
  if (event.length > limits.eventName_chars) return "Client event rejected - event name too long";
  const text = typeof data === "string" ? data : JSON.stringify(data);
  if (Buffer.byteLength(text) > limits.eventData_bytes) {
    return `Client event rejected - data exceeds the allowed maximum (${limits.eventData_bytes} bytes)`;
  }
  if (!connection.takeClientEvent(Date.now())) return "Client event rejected due to rate limit";
  return undefined;
}
