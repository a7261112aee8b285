import "@mantine/charts/styles.css";
import "@mantine/spotlight/styles.css";
import "#src/features/admin/frame/console.css";
import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { isModerator } from "#src/contract/roles.ts";
import { ConsoleCallerProvider } from "#src/features/admin/frame/caller.tsx";
import { Frame } from "#src/features/admin/frame/frame.tsx";
import { callerOf } from "../../caller.ts";

/** The console's pages: for moderators and admins, with the console's own texts and frame. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const caller = await callerOf(isModerator);
  return (
    <NextIntlClientProvider messages={await getMessages()}>
      <ConsoleCallerProvider caller={caller}>
        <Frame>{children}</Frame>
      </ConsoleCallerProvider>
    </NextIntlClientProvider>
  );
}
