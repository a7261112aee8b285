import type { Connection } from "./connection.ts";

/** Who takes part in a presence channel. */
export interface Member {
  readonly userId: string;
  readonly userInfo: unknown;
}

/** The members of one presence channel. A user is a member once, with however many sockets. */
export class PresenceMembers {
  readonly #byUser = new Map<string, { member: Member; sockets: Set<Connection> }>();
  readonly #bySocket = new Map<Connection, string>();

  get size(): number {
    return this.#byUser.size;
  }

  get userIds(): string[] {
    return [...this.#byUser.keys()];
  }

  has(userId: string): boolean {
    return this.#byUser.has(userId);
  }

  userOf(socket: Connection): string | undefined {
    return this.#bySocket.get(socket);
  }

  /** Adds a socket of this user. Returns true when the user was not a member before. */
  join(socket: Connection, member: Member): boolean {
    this.#bySocket.set(socket, member.userId);
    const present = this.#byUser.get(member.userId);
    if (present) {
      present.sockets.add(socket);
      return false;
    }
    this.#byUser.set(member.userId, { member, sockets: new Set([socket]) });
    return true;
  }

  /** Takes a socket away. Returns the user's id when that was the user's last socket. */
  leave(socket: Connection): string | undefined {
    const userId = this.#bySocket.get(socket);
    if (userId === undefined) return undefined;
    this.#bySocket.delete(socket);
    const present = this.#byUser.get(userId);
    present?.sockets.delete(socket);
    if (!present || present.sockets.size > 0) return undefined;
    this.#byUser.delete(userId);
    return userId;
  }

  /** What a new subscriber is told about who is there. */
  snapshot(): { presence: { count: number; ids: string[]; hash: Record<string, unknown> } } {
    const members = [...this.#byUser.values()].map(({ member }) => member);
    // fromEntries makes own properties of every name, `__proto__` too.
    const hash = Object.fromEntries(members.map(({ userId, userInfo }) => [userId, userInfo ?? null]));
    return { presence: { count: this.size, ids: this.userIds, hash } };
  }
}
