import { limits } from "./limits.ts";

/** What a channel's name says about it. */
export interface ChannelTraits {
  readonly access: "public" | "private" | "presence" | "user";
  /** The server hands the last event to whoever subscribes. */
  readonly cached: boolean;
  /** The clients encrypt: the server passes on what it cannot read. */
  readonly encrypted: boolean;
}

const legalName = /^[A-Za-z0-9_\-=@,.;]+$/;
const userChannelPrefix = "#server-to-user-";

/** The channel on which a signed-in user's sockets receive what is sent to that user. */
export function userChannel(userId: string): string {
  return `${userChannelPrefix}${userId}`;
}

/** The user whose channel this is, or undefined when it is no user's channel. */
export function userOfChannel(name: string): string | undefined {
  return name.startsWith(userChannelPrefix) ? name.slice(userChannelPrefix.length) : undefined;
}

/** Says what is wrong with a channel's name, or undefined when it is a name that Pusher accepts. */
export function channelNameProblem(name: string): string | undefined {
  const userId = userOfChannel(name);
  if (userId !== undefined) return userIdProblem(userId);
  if (name.length > limits.channelName_chars) {
    return `Channel name too long: at most ${limits.channelName_chars} characters are allowed`;
  }
  if (!legalName.test(name)) {
    return `Invalid channel name: '${name}'. It may hold letters, digits and any of _ - = @ , . ;`;
  }
  return undefined;
}

/** Says what is wrong with a user's id, or undefined when Pusher accepts it. */
export function userIdProblem(userId: string): string | undefined {
  if (userId === "") return "The user id is empty";
  if (userId.length > limits.userId_chars) {
    return `User id too long: at most ${limits.userId_chars} characters are allowed`;
  }
  return undefined;
}

/** Reads the prefixes of a legal channel name. */
export function channelTraits(name: string): ChannelTraits {
  if (userOfChannel(name) !== undefined) return { access: "user", cached: false, encrypted: false };
  if (name.startsWith("presence-")) {
    return { access: "presence", cached: name.startsWith("presence-cache-"), encrypted: false };
  }
  if (name.startsWith("private-encrypted-")) {
    return { access: "private", cached: name.startsWith("private-encrypted-cache-"), encrypted: true };
  }
  if (name.startsWith("private-")) {
    return { access: "private", cached: name.startsWith("private-cache-"), encrypted: false };
  }
  return { access: "public", cached: name.startsWith("cache-"), encrypted: false };
}
