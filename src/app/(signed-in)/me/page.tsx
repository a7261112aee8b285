import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Invitations } from "#src/features/me/invitations.tsx";
import { callerOf } from "../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("me"))("page") };
}

export default async function MyPage() {
  const caller = await callerOf((role) => role === "viewer");
  return <Invitations viewerId={caller.id} />;
}
