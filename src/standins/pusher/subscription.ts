import { channelNameProblem, channelTraits, userIdProblem, userOfChannel } from "./channel-name.ts";
import type { SignedInUser } from "./connection.ts";
import { isObject, parseJson, type JsonObject } from "./json.ts";
import { codes, limits } from "./limits.ts";
import type { Member, PresenceMembers } from "./presence.ts";
import { authProblem, type AppCredentials } from "./signature.ts";

/** What the server knows of the socket and the channel when a client asks to subscribe. */
interface Circumstances {
  readonly app: AppCredentials;
  readonly socketId: string;
  readonly user: SignedInUser | undefined;
  readonly members: PresenceMembers | undefined;
}

type Refusal = { readonly kind: "refuse"; readonly code: number | null; readonly message: string };
type MemberDecision = { readonly kind: "member"; readonly member: Member } | Refusal;
type SubscriptionDecision = { readonly kind: "subscribe"; readonly member: Member | undefined } | Refusal;
type SignInDecision = { readonly kind: "sign-in"; readonly user: SignedInUser } | Refusal;

function refuse(code: number | null, message: string): Refusal {
  return { kind: "refuse", code, message };
}

/** Decides whether a socket may subscribe to a channel, and as whom. */
export function decideSubscription(
  name: string,
  request: JsonObject,
  at: Circumstances,
): SubscriptionDecision {
  const problem = channelNameProblem(name);
  if (problem !== undefined) return refuse(null, problem);
  const { access } = channelTraits(name);
  if (access === "public") return { kind: "subscribe", member: undefined };
  if (access === "user") {
    if (at.user !== undefined && userOfChannel(name) === at.user.id)
      return { kind: "subscribe", member: undefined };
    return refuse(codes.unauthorized, `Only the user who is signed in may subscribe to ${name}`);
  }
  const channelData = request["channel_data"];
  const signed = [at.socketId, name, ...(typeof channelData === "string" ? [channelData] : [])].join(":");
  const unsigned = authProblem(at.app, request["auth"], signed, `subscribe to ${name}`);
  if (unsigned !== undefined) return refuse(codes.unauthorized, unsigned);
  if (access === "private") return { kind: "subscribe", member: undefined };
  const found = decideMember(channelData, at.user);
  if (found.kind === "refuse") return found;
  const isNew = at.members?.has(found.member.userId) !== true;
  if (isNew && (at.members?.size ?? 0) >= limits.presenceMembers) {
    return refuse(
      codes.overCapacity,
      `Presence channel ${name} is full: at most ${limits.presenceMembers} members are allowed`,
    );
  }
  return { kind: "subscribe", member: found.member };
}

/** Reads who joins a presence channel: the signed channel data says so, or else the sign-in. */
function decideMember(channelData: unknown, user: SignedInUser | undefined): MemberDecision {
  if (typeof channelData !== "string") {
    if (user) return { kind: "member", member: { userId: user.id, userInfo: user.userInfo } };
    return refuse(null, "channel_data is required to subscribe to a presence channel, or a signed-in user");
  }
  const data = parseJson(channelData);
  const userId = isObject(data) ? data["user_id"] : undefined;
  if (!isObject(data) || (typeof userId !== "string" && typeof userId !== "number")) {
    return refuse(null, "channel_data supplied to presence subscription is invalid - it must hold a user_id");
  }
  const problem = userIdProblem(String(userId)) ?? userInfoProblem(data["user_info"]);
  if (problem !== undefined) return refuse(null, problem);
  return { kind: "member", member: { userId: String(userId), userInfo: data["user_info"] } };
}

function userInfoProblem(userInfo: unknown): string | undefined {
  if (userInfo === undefined || userInfo === null) return undefined;
  if (!isObject(userInfo)) {
    return "user_info supplied to presence subscription is invalid - if supplied it must be a type of hash";
  }
  if (Buffer.byteLength(JSON.stringify(userInfo)) > limits.presenceInfo_bytes) {
    return `user_info supplied to presence subscription exceeds the allowed maximum (${limits.presenceInfo_bytes} bytes)`;
  }
  return undefined;
}

/** Decides whether a socket may be signed in, and as whom. */
export function decideSignIn(request: JsonObject, app: AppCredentials, socketId: string): SignInDecision {
  const userData = request["user_data"];
  if (typeof userData !== "string") return refuse(codes.unauthorized, "user_data is required to sign in");
  const unsigned = authProblem(app, request["auth"], `${socketId}::user::${userData}`, "sign in");
  if (unsigned !== undefined) return refuse(codes.unauthorized, unsigned);
  const data = parseJson(userData);
  if (!isObject(data) || typeof data["id"] !== "string") {
    return refuse(codes.unauthorized, "user_data supplied to sign in is invalid - id must be a string");
  }
  const problem = userIdProblem(data["id"]) ?? userInfoProblem(data["user_info"]);
  if (problem !== undefined) return refuse(codes.unauthorized, problem);
  const watchlist = data["watchlist"] ?? [];
  if (!Array.isArray(watchlist) || !watchlist.every((id) => typeof id === "string")) {
    return refuse(
      codes.unauthorized,
      "watchlist supplied to sign in is invalid - it must be a list of user ids",
    );
  }
  if (watchlist.length > limits.watchlistUsers) {
    return refuse(
      codes.watchlistTooLong,
      `Watchlist limit exceeded: at most ${limits.watchlistUsers} users are allowed`,
    );
  }
  return {
    kind: "sign-in",
    user: { id: data["id"], userInfo: data["user_info"], watchlist: [...new Set(watchlist)] },
  };
}
