import { Channels } from "./channels.ts";
import type { Connection } from "./connection.ts";
import type { AppCredentials } from "./signature.ts";
import { Users } from "./users.ts";

/** What the dashboard decides for a real app, and how long the server waits for whom. */
export interface AppSettings {
  /** Clients may send events to each other on private and presence channels. */
  readonly clientEvents: boolean;
  /** Subscribers hear of every change in their number. */
  readonly subscriptionCounts: boolean;
  /** A client that is silent for this long is pinged. */
  readonly activityTimeout_s: number;
  /** A pinged client that is silent for this long is cut off. */
  readonly pongTimeout_s: number;
  /** An HTTP request that takes longer to arrive is answered 408. */
  readonly requestTimeout_s: number;
}

/** The settings of a new app in the real service. */
export const defaultSettings: AppSettings = {
  clientEvents: false,
  subscriptionCounts: false,
  activityTimeout_s: 120,
  pongTimeout_s: 30,
  requestTimeout_s: 30,
};

/** Everything that one app's sockets and requests share. */
export class Hub {
  readonly app: AppCredentials;
  readonly settings: AppSettings;
  readonly connections = new Set<Connection>();
  readonly channels: Channels;
  readonly users = new Users();

  constructor(app: AppCredentials, settings: AppSettings) {
    this.app = app;
    this.settings = settings;
    this.channels = new Channels(settings.subscriptionCounts);
  }

  /** Forgets a socket everywhere, at once: the others need not wait for its closing handshake. */
  drop(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    for (const name of connection.channels) this.channels.unsubscribe(connection, name);
    this.users.signOut(connection);
  }

  /** Closes a socket with a code that tells its client whether to come back. */
  close(connection: Connection, code: number, reason: string): void {
    this.drop(connection);
    connection.close(code, reason);
  }
}
