import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isModerator } from "#src/contract/roles.ts";
import { Overview } from "#src/features/admin/overview/overview.tsx";
import { callerOf } from "../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console"))("overview") };
}

export default async function OverviewPage() {
  await callerOf(isModerator);
  return <Overview />;
}
