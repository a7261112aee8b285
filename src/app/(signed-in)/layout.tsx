import type { ReactNode } from "react";
import { LiveBadge } from "#src/features/live/live-badge.tsx";
import { LiveProvider } from "#src/features/live/live-provider.tsx";
import { Shell } from "#src/features/shell/shell.tsx";
import { SessionGuard } from "#src/features/sign-in/session-guard.tsx";
import { services } from "#src/server/services.ts";
import { callerOf } from "../caller.ts";

/** The frame of all pages that need a person; what the browser needs of Pusher comes along, from the settings of now. */
export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const caller = await callerOf(() => true);
  const { settings } = services();
  return (
    <LiveProvider
      settings={{
        key: settings.PUSHER_KEY,
        cluster: settings.PUSHER_CLUSTER,
        host: settings.PUSHER_HOST ?? null,
        port: settings.PUSHER_PORT ?? null,
        tls: settings.PUSHER_TLS,
      }}
    >
      <Shell userName={caller.name} live={<LiveBadge />}>
        {children}
      </Shell>
      <SessionGuard email={caller.email} />
    </LiveProvider>
  );
}
