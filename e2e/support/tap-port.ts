import { once } from "node:events";
import type { Server, Socket } from "node:net";

/** The side of a tap that the app connects to. */
export interface TapPort {
  readonly port: number;
  /** The service dies, as far as anyone can tell: connections break, and new ones are refused. */
  cut(): Promise<void>;
  /** It is back, under the same port. */
  mend(): Promise<void>;
}

/** Lets a tap's server listen on a free port of the loopback, or on `wanted`. */
export async function openTapPort(server: Server, wanted: number): Promise<TapPort> {
  // Counted here: an HTTP server forgets those that were upgraded.
  const connections = new Set<Socket>();
  server.on("connection", (connection: Socket) => {
    connections.add(connection);
    connection.on("close", () => connections.delete(connection));
  });
  const listen = async (on: number) => {
    server.listen(on, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  };
  const port = await listen(wanted);
  return {
    port,
    cut: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const connection of connections) connection.destroy();
      await closed;
    },
    mend: async () => {
      if (!server.listening) await listen(port);
    },
  };
}
