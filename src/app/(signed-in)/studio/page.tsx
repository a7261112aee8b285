import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Studio } from "#src/features/studio/studio.tsx";
import { callerOf } from "../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("studio"))("page") };
}

export default async function StudioPage() {
  const caller = await callerOf((role) => role === "streamer");
  return <Studio streamerId={caller.id} />;
}
