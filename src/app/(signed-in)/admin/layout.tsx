import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { isModerator } from "#src/contract/roles.ts";
import { callerOf } from "../../caller.ts";

/** The console's pages: for moderators and admins, with the console's own texts. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  await callerOf(isModerator);
  return <NextIntlClientProvider messages={await getMessages()}>{children}</NextIntlClientProvider>;
}
