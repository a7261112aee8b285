import { channelNameProblem, channelTraits, userChannel } from "./channel-name.ts";
import type { Hub } from "./hub.ts";
import { HttpError } from "./http-request.ts";
import { isObject, type JsonObject } from "./json.ts";
import { limits } from "./limits.ts";

/** One event that the app's server sends to one or more channels. */
interface PublishRequest {
  readonly name: string;
  readonly data: string;
  readonly channels: readonly string[];
  /** The socket that does not receive it: its user caused it. */
  readonly socketId: string | undefined;
  /** The attributes to answer about each channel. */
  readonly info: readonly string[];
}

/** Facts about a channel, by attribute. */
type Attributes = Record<string, number>;

/** `POST /events`: one event to up to a hundred channels. Answers `{}`, or the attributes asked for. */
export function publishEvent(hub: Hub, body: JsonObject): JsonObject {
  const { channel, channels } = body;
  const request = readEvent(body, channels === undefined ? [channel] : channels);
  const [attributes] = publishAll(hub, [request]);
  return request.info.length > 0 ? { channels: attributes } : {};
}

/** `POST /batch_events`: up to ten events, delivered in their order, or none of them when one is refused. */
export function publishBatch(hub: Hub, body: JsonObject): JsonObject {
  const { batch } = body;
  if (!Array.isArray(batch)) throw new HttpError(400, "batch is required: a list of events");
  if (batch.length > limits.eventsPerBatch) {
    throw new HttpError(400, `Batch too large: at most ${limits.eventsPerBatch} events are allowed`);
  }
  const requests = batch.map((event: unknown) => {
    if (!isObject(event)) throw new HttpError(400, "Every event of a batch must be an object");
    return readEvent(event, [event["channel"]]);
  });
  const attributes = publishAll(hub, requests);
  if (requests.every((request) => request.info.length === 0)) return {};
  return { batch: requests.map(({ channels: [name = ""] }, index) => attributes[index]?.[name] ?? {}) };
}

/** `POST /users/<id>/events`: one event to wherever that user is signed in. */
export function publishToUser(hub: Hub, userId: string, body: JsonObject): JsonObject {
  publishAll(hub, [readEvent(body, [userChannel(userId)])]);
  return {};
}

/** The attributes of one channel. Throws an HttpError 400 for one that this channel does not have. */
export function channelAttributes(hub: Hub, name: string, info: readonly string[]): Attributes {
  return Object.fromEntries(info.map((attribute) => [attribute, channelAttribute(hub, name, attribute)]));
}

function channelAttribute(hub: Hub, name: string, attribute: string): number {
  if (attribute === "subscription_count") return hub.channels.subscriptionCount(name);
  if (attribute !== "user_count") throw new HttpError(400, `Invalid info attribute: ${attribute}`);
  if (channelTraits(name).access !== "presence") {
    throw new HttpError(400, `user_count may only be requested for presence channels - ${name} is not one`);
  }
  return hub.channels.members(name)?.size ?? 0;
}

/** Splits the comma-separated `info` of a request. */
export function readInfo(info: unknown): string[] {
  if (info === undefined || info === "") return [];
  if (typeof info !== "string") throw new HttpError(400, "info must be a comma-separated list of attributes");
  return info.split(",");
}

/** Everything is checked before anything is sent, so that a refused request has had no effect. */
function publishAll(hub: Hub, requests: readonly PublishRequest[]): Record<string, Attributes>[] {
  const now_ms = Date.now();
  const attributes = requests.map(({ channels, info }) =>
    Object.fromEntries(channels.map((name) => [name, channelAttributes(hub, name, info)])),
  );
  for (const { channels, name, data, socketId } of requests) {
    for (const channel of channels) hub.channels.publish(channel, name, data, socketId, now_ms);
  }
  return attributes;
}

function readEvent(event: JsonObject, channels: unknown): PublishRequest {
  const { name, data, info } = event;
  const socketId = event["socket_id"] ?? undefined;
  if (typeof name !== "string" || name === "") throw new HttpError(400, "name is required: the event's name");
  if (name.length > limits.eventName_chars) {
    throw new HttpError(400, `Event name too long: at most ${limits.eventName_chars} characters are allowed`);
  }
  if (name.startsWith("pusher:") || name.startsWith("pusher_internal:")) {
    throw new HttpError(400, `Invalid event name: '${name}' is reserved`);
  }
  if (typeof data !== "string") throw new HttpError(400, "data is required: the event's data as a string");
  if (Buffer.byteLength(data) > limits.eventData_bytes) {
    throw new HttpError(
      413,
      `The data content of this event exceeds the allowed maximum (${limits.eventData_bytes} bytes). See https://pusher.com/docs/channels/server_api/http-api#publishing-events for more info`,
    );
  }
  if (socketId !== undefined && (typeof socketId !== "string" || !/^\d+\.\d+$/.test(socketId))) {
    throw new HttpError(400, `Invalid socket id: ${JSON.stringify(socketId)}`);
  }
  return { name, data, channels: readChannels(channels), socketId, info: readInfo(info) };
}

function readChannels(channels: unknown): string[] {
  if (
    !Array.isArray(channels) ||
    channels.length === 0 ||
    !channels.every((name) => typeof name === "string")
  ) {
    throw new HttpError(400, "channel or channels is required: the names of the channels to send to");
  }
  if (channels.length > limits.channelsPerEvent) {
    throw new HttpError(
      400,
      `Too many channels: at most ${limits.channelsPerEvent} are allowed in one event`,
    );
  }
  for (const name of channels) {
    const problem = channelNameProblem(name);
    if (problem !== undefined) throw new HttpError(400, problem);
  }
  if (channels.length > 1 && channels.some((name) => channelTraits(name).encrypted)) {
    throw new HttpError(400, "An event on an encrypted channel cannot be sent to other channels too");
  }
  return [...new Set(channels)];
}
