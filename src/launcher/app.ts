import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import next from "next";
import { appSettings, settleEnvironment } from "#src/config/env.ts";
import { processMetrics } from "#src/server/gateways/metrics.ts";
import { beginStop, closeEverything } from "#src/server/stopping.ts";
import { inDevelopment, openAdmission } from "#src/door/admission.ts";
import { answerHeaders } from "#src/door/answer-headers.ts";
import { runAsChild } from "./child.ts";
import { trustedProxies } from "#src/door/client-address.ts";
import { directlyOr } from "#src/door/direct.ts";
import { startHttpServer } from "#src/door/http-server.ts";
import { countRequests } from "#src/door/request-metrics.ts";

/** What the launcher orders of the app's process; everything else it reads from its settings. */
export interface AppOrder {
  readonly dir: string;
  readonly dev: boolean;
  readonly hosts: readonly [string, ...string[]];
  readonly port: number;
  readonly trustedProxies: string | undefined;
  readonly stopping: StopTimes;
}

/** How the app stops: what it does one after the other, and for how long at most. */
export interface StopTimes {
  /** Says that it is not ready, and serves all the same: a load balancer needs a while to notice. */
  readonly drain_ms: number;
  /** Takes nothing new, and finishes what is in flight. */
  readonly grace_ms: number;
  /** Tells the news that is still to be told, hands over its traces, and closes the database's connections. */
  readonly closing_ms: number;
}

/** Next behind a server of our own, because who the client is, and how to stop, is decided at the socket. */
async function startApp({ dir, dev, hosts, port, trustedProxies: proxies, stopping }: AppOrder) {
  settleEnvironment();
  const isTrusted = trustedProxies(proxies);
  // Next listens for upgrades at the server that it is told of; ours passes them on where hot reload needs them.
  const upgrades = createServer();
  const app = next({ dir, dev, hostname: hosts[0], port, httpServer: upgrades });
  await app.prepare();
  const http = await startHttpServer(hosts, port, {
    isTrusted,
    headers: answerHeaders(appSettings(), { dev }),
    admission: openAdmission(appSettings(), dev ? inDevelopment : undefined),
    // Hot reload replaces handlers, and only Next knows by what.
    handler: dev ? app.getRequestHandler() : directlyOr(app.getRequestHandler()),
    onUpgrade: dev
      ? (request, socket, head) => upgrades.emit("upgrade", request, socket, head) || socket.destroy()
      : undefined,
  });
  http.server.prependListener("request", countRequests(processMetrics()));
  return {
    ready: undefined,
    close: async () => {
      // From here on /readyz answers that this process is leaving, and whoever keeps a connection is asked to drop it.
      beginStop();
      await wait(stopping.drain_ms);
      await http.close(stopping.grace_ms);
      const late = wait(stopping.closing_ms, ["it took too long"], { ref: false });
      for (const reason of await Promise.race([closeEverything(), late]))
        process.stderr.write(`  the app could not close everything: ${String(reason)}\n`);
      await app.close();
    },
    closeWithin_ms: stopping.drain_ms + stopping.grace_ms + stopping.closing_ms + 2_000,
  };
}

runAsChild<AppOrder>({ start: startApp, closeWithin_ms: 5_000 });
