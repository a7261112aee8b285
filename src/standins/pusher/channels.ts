import { channelTraits } from "./channel-name.ts";
import { eventFrame, type Connection } from "./connection.ts";
import { limits } from "./limits.ts";
import { PresenceMembers, type Member } from "./presence.ts";

interface Channel {
  readonly subscribers: Set<Connection>;
  /** On presence channels only. */
  readonly members: PresenceMembers | undefined;
}

/** Who is subscribed to what, and what cache channels remember. A channel exists while it has subscribers. */
export class Channels {
  readonly #channels = new Map<string, Channel>();
  readonly #cached = new Map<string, { frame: Buffer; until_ms: number }>();
  readonly #tellCounts: boolean;

  /** With `tellCounts`, subscribers hear of every change in their number, as a setting of the dashboard has it. */
  constructor(tellCounts: boolean) {
    this.#tellCounts = tellCounts;
  }

  get names(): string[] {
    return [...this.#channels.keys()];
  }

  members(name: string): PresenceMembers | undefined {
    return this.#channels.get(name)?.members;
  }

  subscriptionCount(name: string): number {
    return this.#channels.get(name)?.subscribers.size ?? 0;
  }

  /** The frame that a cache channel hands to a new subscriber, while it is fresh. */
  cached(name: string, now_ms: number): Buffer | undefined {
    const cached = this.#cached.get(name);
    return cached && cached.until_ms > now_ms ? cached.frame : undefined;
  }

  /** Subscribes a socket that is allowed to, answers it, and tells the others of a new member. */
  subscribe(socket: Connection, name: string, member: Member | undefined, now_ms: number): void {
    const channel = this.#open(name);
    channel.subscribers.add(socket);
    socket.channels.add(name);
    const isNew = member !== undefined && (channel.members?.join(socket, member) ?? false);
    const state = channel.members?.snapshot() ?? {};
    socket.send(eventFrame("pusher_internal:subscription_succeeded", state, { channel: name }));
    if (channelTraits(name).cached) {
      socket.send(this.cached(name, now_ms) ?? eventFrame("pusher:cache_miss", {}, { channel: name }));
    }
    if (isNew) {
      const joined = { user_id: member.userId, user_info: member.userInfo };
      this.#sendAll(channel, eventFrame("pusher_internal:member_added", joined, { channel: name }), socket);
    }
    this.#tellCount(name, channel);
  }

  /** Ends a subscription and tells the others of a member who left. Returns false when there was none. */
  unsubscribe(socket: Connection, name: string): boolean {
    const channel = this.#channels.get(name);
    if (!channel?.subscribers.delete(socket)) return false;
    socket.channels.delete(name);
    const userId = channel.members?.leave(socket);
    if (channel.subscribers.size === 0) {
      this.#channels.delete(name);
      return true;
    }
    if (userId !== undefined) {
      const left = { user_id: userId };
      this.#sendAll(channel, eventFrame("pusher_internal:member_removed", left, { channel: name }));
    }
    this.#tellCount(name, channel);
    return true;
  }

  /** Delivers an event from the app's server to every subscriber but the one with this socket id. */
  publish(
    name: string,
    event: string,
    data: string,
    exceptSocketId: string | undefined,
    now_ms: number,
  ): void {
    const frame = eventFrame(event, data, { channel: name });
    if (channelTraits(name).cached) {
      this.#cached.set(name, { frame, until_ms: now_ms + limits.cachedEvent_s * 1000 });
    }
    const channel = this.#channels.get(name);
    if (!channel) return;
    for (const subscriber of channel.subscribers) {
      if (subscriber.socketId !== exceptSocketId) subscriber.send(frame);
    }
  }

  /** Passes a client's event to the other subscribers. */
  relay(name: string, frame: Buffer, sender: Connection): void {
    const channel = this.#channels.get(name);
    if (channel) this.#sendAll(channel, frame, sender);
  }

  /** Forgets cached events whose time is over. */
  sweep(now_ms: number): void {
    for (const [name, cached] of this.#cached) {
      if (cached.until_ms <= now_ms) this.#cached.delete(name);
    }
  }

  #open(name: string): Channel {
    const present = this.#channels.get(name);
    if (present) return present;
    const isPresence = channelTraits(name).access === "presence";
    const channel = {
      subscribers: new Set<Connection>(),
      members: isPresence ? new PresenceMembers() : undefined,
    };
    this.#channels.set(name, channel);
    return channel;
  }

  #tellCount(name: string, channel: Channel): void {
    if (!this.#tellCounts || channel.members) return;
    const count = { subscription_count: channel.subscribers.size };
    this.#sendAll(channel, eventFrame("pusher_internal:subscription_count", count, { channel: name }));
  }

  #sendAll(channel: Channel, frame: Buffer, except?: Connection): void {
    for (const subscriber of channel.subscribers) {
      if (subscriber !== except) subscriber.send(frame);
    }
  }
}
