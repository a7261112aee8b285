import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isModerator } from "#src/contract/roles.ts";
import { SessionsPage } from "#src/features/admin/sessions/sessions-page.tsx";
import { callerOf } from "../../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console"))("sessions") };
}

export default async function Page() {
  await callerOf(isModerator);
  return <SessionsPage />;
}
