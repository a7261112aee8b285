import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { notFound } from "next/navigation";
import { readObjectId } from "#src/contract/ids.ts";
import { isModerator } from "#src/contract/roles.ts";
import { SessionPage } from "#src/features/admin/sessions/session-page.tsx";
import { callerOf } from "../../../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console_people"))("session") };
}

export default async function Page({ params }: { params: Promise<{ session_id: string }> }) {
  await callerOf(isModerator);
  const sessionId = readObjectId((await params).session_id);
  if (sessionId === null) notFound();
  return <SessionPage sessionId={sessionId} />;
}
