import { adminChannel, parseChannel } from "#src/contract/channels.ts";
import { readObjectId } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { isModerator } from "#src/contract/roles.ts";
import { channelData, mayJoin } from "../operations/channel-data.ts";
import { sessionToken } from "../operations/session-token.ts";
import type { Services } from "../services.ts";
import { readText } from "./body.ts";
import { requireCaller } from "./caller.ts";
import { answer } from "./problem.ts";

const noStore = { headers: { "cache-control": "no-store" } };

/** `GET /sessions/<session_id>/token`: the token view, cached on our side until invalidated. */
export const handleSessionToken = (
  services: Services,
  request: Request,
  sessionId: string,
): Promise<Response> =>
  answer(request, services.log, async () => {
    const caller = await requireCaller(services, request);
    const id = readObjectId(sessionId);
    if (id === null) throw new ProblemError("session_not_found");
    return Response.json(await sessionToken(services, caller, id), noStore);
  });

/** `GET /channels/<name>/data`: the channel's snapshot, for those who may join the channel. */
export const handleChannelData = (services: Services, request: Request, name: string): Promise<Response> =>
  answer(request, services.log, async () => {
    const caller = await requireCaller(services, request);
    const channel = parseChannel(name);
    if (channel === null || !mayJoin(caller, channel)) throw new ProblemError("channel_not_found");
    return Response.json(await channelData(services, channel), noStore);
  });

/**
 * `POST /api/pusher/auth`: Pusher's authorization for a channel that the caller may join; without a channel, its
 * authentication of the caller, by which signing out can end the connection.
 */
export const handlePusherAuth = (services: Services, request: Request): Promise<Response> =>
  answer(request, services.log, async () => {
    const caller = await requireCaller(services, request);
    const form = new URLSearchParams(await readText(request));
    const socketId = form.get("socket_id") ?? "";
    const name = form.get("channel_name");
    if (!/^\d+\.\d+$/.test(socketId)) throw new ProblemError("invalid_request");
    if (name === null) return Response.json(services.live.authenticate(socketId, caller.id), noStore);
    const channel = parseChannel(name);
    const allowed =
      channel === null ? name === adminChannel && isModerator(caller.role) : mayJoin(caller, channel);
    if (!allowed) throw new ProblemError("forbidden");
    const member = channel?.kind === "presence-stream" ? { user_id: caller.id } : undefined;
    return Response.json(services.live.authorize(socketId, name, member), noStore);
  });
