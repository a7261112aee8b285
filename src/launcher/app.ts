import { createServer } from "node:http";
import next from "next";
import { appSettings } from "#src/config/env.ts";
import { answerHeaders } from "./answer-headers.ts";
import { runAsChild } from "./child.ts";
import { trustedProxies } from "./client-address.ts";
import { startHttpServer } from "./http-server.ts";

/** What the launcher orders of the app's process; everything else it reads from its settings. */
export interface AppOrder {
  readonly dir: string;
  readonly dev: boolean;
  readonly hosts: readonly [string, ...string[]];
  readonly port: number;
  readonly trustedProxies: string | undefined;
}

/** How long requests in flight may take to finish when the app is asked to stop. */
const grace_ms = 10_000;

/** Next behind a server of our own, because who the client is, and how to stop, is decided at the socket. */
async function startApp({ dir, dev, hosts, port, trustedProxies: proxies }: AppOrder) {
  const isTrusted = trustedProxies(proxies);
  // Next listens for upgrades at the server that it is told of; ours passes them on where hot reload needs them.
  const upgrades = createServer();
  const app = next({ dir, dev, hostname: hosts[0], port, httpServer: upgrades });
  await app.prepare();
  const http = await startHttpServer(hosts, port, {
    isTrusted,
    headers: answerHeaders(appSettings(), { dev }),
    handler: app.getRequestHandler(),
    onUpgrade: dev
      ? (request, socket, head) => upgrades.emit("upgrade", request, socket, head) || socket.destroy()
      : undefined,
  });
  return {
    ready: undefined,
    close: async () => {
      await http.close(grace_ms);
      await app.close();
    },
  };
}

runAsChild<AppOrder>({ start: startApp, closeWithin_ms: grace_ms + 2_000 });
