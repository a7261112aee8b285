import type { IncomingMessage, ServerResponse } from "node:http";
import { channelNameProblem, channelTraits, userIdProblem } from "./channel-name.ts";
import type { Hub } from "./hub.ts";
import { HttpError, parseTarget, readBody, type Target } from "./http-request.ts";
import { isObject, parseJson, type JsonObject } from "./json.ts";
import { codes, limits } from "./limits.ts";
import { channelAttributes, publishBatch, publishEvent, publishToUser, readInfo } from "./publish.ts";
import { checkRequestSignature } from "./signature.ts";

const authParameters = ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"];

/** A route, ready to be run once the request has proved to be the app's own. */
interface Route {
  /** The query parameters that it knows beside those of the signature. */
  readonly parameters: readonly string[];
  readonly run: (body: JsonObject) => JsonObject;
}

/** Answers one HTTP request. Never throws: what goes wrong becomes the answer, in plain text. */
export async function handleRequest(
  hub: Hub,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void,
) {
  try {
    const target = parseTarget(request.url ?? "");
    if (target.rawPath === "/" && (request.method === "GET" || request.method === "HEAD")) {
      answer(response, 200, "text/plain", "ok");
      return;
    }
    const body = await readBody(request, limits.requestBody_bytes);
    const result = answerSigned(hub, request.method ?? "", target, body);
    answer(response, 200, "application/json", JSON.stringify(result));
  } catch (error) {
    // The client broke off, or took too long and has had its 408.
    if (request.destroyed && !request.complete) return;
    const known = error instanceof HttpError ? error : new HttpError(500, "Internal server error");
    if (known.status === 500) log(`a request failed: ${String(error)}`);
    answer(response, known.status, "text/plain", known.message);
  }
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function answerSigned(hub: Hub, method: string, target: Target, body: Buffer): JsonObject {
  const [apps, appId, ...rest] = target.segments;
  const route = apps === "apps" ? findRoute(hub, method, rest, target.query) : undefined;
  if (!route) throw new HttpError(404, `Not found: ${method} ${target.path}`);
  checkRequestSignature(hub.app, { method, body, ...target }, Date.now());
  if (appId !== hub.app.appId) throw new HttpError(404, `App ${String(appId)} not found for this auth_key`);
  const known = new Set([...authParameters, ...route.parameters]);
  const extraneous = [...target.query.keys()].filter((name) => !known.has(name));
  if (extraneous.length > 0) {
    throw new HttpError(
      400,
      `The following query string parameters are extraneous: ${extraneous.join(", ")}`,
    );
  }
  return route.run(method === "POST" ? readJsonBody(body) : {});
}

function readJsonBody(body: Buffer): JsonObject {
  const parsed = body.length === 0 ? {} : parseJson(body.toString("utf8"));
  if (!isObject(parsed)) throw new HttpError(400, "The request body must be a JSON object");
  return parsed;
}

function findRoute(
  hub: Hub,
  method: string,
  path: readonly string[],
  query: Target["query"],
): Route | undefined {
  const [kind, id = "", action] = path;
  switch (`${method} ${kind ?? ""} ${path.length}`) {
    case "POST events 1":
      return { parameters: [], run: (body) => publishEvent(hub, body) };
    case "POST batch_events 1":
      return { parameters: [], run: (body) => publishBatch(hub, body) };
    case "GET channels 1":
      return { parameters: ["filter_by_prefix", "info"], run: () => listChannels(hub, query) };
    case "GET channels 2":
      return { parameters: ["info"], run: () => describeChannel(hub, id, query) };
    case "GET channels 3":
      return action === "users" ? { parameters: [], run: () => listMembers(hub, id) } : undefined;
    case "POST users 3":
      if (action === "events") {
        return { parameters: [], run: (body) => publishToUser(hub, checkedUser(id), body) };
      }
      if (action === "terminate_connections") {
        return { parameters: [], run: () => terminateConnections(hub, checkedUser(id)) };
      }
      return undefined;
    default:
      return undefined;
  }
}

function listChannels(hub: Hub, query: Target["query"]): JsonObject {
  const prefix = query.get("filter_by_prefix") ?? "";
  const info = readInfo(query.get("info"));
  if (info.includes("user_count") && !prefix.startsWith("presence-")) {
    throw new HttpError(
      400,
      "user_count may only be requested for presence channels - filter_by_prefix=presence- is required",
    );
  }
  const names = hub.channels.names.filter(
    (name) => channelTraits(name).access !== "user" && name.startsWith(prefix),
  );
  return { channels: Object.fromEntries(names.map((name) => [name, channelAttributes(hub, name, info)])) };
}

function describeChannel(hub: Hub, name: string, query: Target["query"]): JsonObject {
  const attributes = channelAttributes(hub, checkedChannel(name), readInfo(query.get("info")));
  return { occupied: hub.channels.subscriptionCount(name) > 0, ...attributes };
}

function listMembers(hub: Hub, name: string): JsonObject {
  if (channelTraits(checkedChannel(name)).access !== "presence") {
    throw new HttpError(400, `Users may only be requested for presence channels - ${name} is not one`);
  }
  return { users: (hub.channels.members(name)?.userIds ?? []).map((id) => ({ id })) };
}

function terminateConnections(hub: Hub, userId: string): JsonObject {
  for (const connection of hub.users.socketsOf(userId)) {
    hub.close(connection, codes.unauthorized, "The app's server ended this user's connections");
  }
  return {};
}

function checkedChannel(name: string): string {
  const problem = channelNameProblem(name);
  if (problem !== undefined) throw new HttpError(400, problem);
  return name;
}

function checkedUser(userId: string): string {
  const problem = userIdProblem(userId);
  if (problem !== undefined) throw new HttpError(400, problem);
  return userId;
}
