import { eventFrame, type Connection, type SignedInUser } from "./connection.ts";

/** The signed-in users, their sockets, and who watches whom. */
export class Users {
  readonly #sockets = new Map<string, Set<Connection>>();
  readonly #watchers = new Map<string, Set<Connection>>();

  /** The sockets on which this user is signed in. */
  socketsOf(userId: string): Connection[] {
    return [...(this.#sockets.get(userId) ?? [])];
  }

  /** Signs a user in on a socket, and tells this socket and the user's watchers who is online. */
  signIn(socket: Connection, user: SignedInUser): void {
    this.signOut(socket);
    socket.user = user;
    const isFirst = add(this.#sockets, user.id, socket);
    for (const watched of user.watchlist) add(this.#watchers, watched, socket);
    const online = user.watchlist.filter((id) => this.#sockets.has(id));
    const offline = user.watchlist.filter((id) => !this.#sockets.has(id));
    const events = [
      { name: "online", user_ids: online },
      { name: "offline", user_ids: offline },
    ].filter((event) => event.user_ids.length > 0);
    if (events.length > 0) socket.send(watchlistFrame(events));
    if (isFirst) this.#tellWatchers(user.id, "online", socket);
  }

  /** Forgets who signed in on a socket; the user goes offline with the last one. */
  signOut(socket: Connection): void {
    const { user } = socket;
    if (!user) return;
    socket.user = undefined;
    for (const watched of user.watchlist) remove(this.#watchers, watched, socket);
    if (remove(this.#sockets, user.id, socket)) this.#tellWatchers(user.id, "offline", socket);
  }

  #tellWatchers(userId: string, name: "online" | "offline", except: Connection): void {
    const frame = watchlistFrame([{ name, user_ids: [userId] }]);
    for (const watcher of this.#watchers.get(userId) ?? []) {
      if (watcher !== except) watcher.send(frame);
    }
  }
}

function watchlistFrame(events: { name: string; user_ids: string[] }[]): Buffer {
  return eventFrame("pusher_internal:watchlist_events", { events });
}

/** Adds to a set in a map of sets. Returns true when it is the first there. */
function add(sets: Map<string, Set<Connection>>, key: string, socket: Connection): boolean {
  const present = sets.get(key);
  if (present) present.add(socket);
  else sets.set(key, new Set([socket]));
  return !present;
}

/** Removes from a set in a map of sets. Returns true when it was the last there. */
function remove(sets: Map<string, Set<Connection>>, key: string, socket: Connection): boolean {
  const present = sets.get(key);
  if (!present?.delete(socket) || present.size > 0) return false;
  return sets.delete(key);
}
