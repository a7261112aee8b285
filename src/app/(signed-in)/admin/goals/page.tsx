import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isModerator } from "#src/contract/roles.ts";
import { GoalsPage } from "#src/features/admin/goals/goals-page.tsx";
import { callerOf } from "../../../caller.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console_goals"))("title") };
}

export default async function AdminGoalsPage() {
  await callerOf(isModerator);
  return <GoalsPage />;
}
