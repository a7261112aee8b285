import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { notFound } from "next/navigation";
import { objectIdHex } from "#src/contract/ids.ts";
import { isModerator } from "#src/contract/roles.ts";
import { GoalPage } from "#src/features/admin/goal/goal-page.tsx";
import { callerOf } from "../../../../caller.ts";

interface Props {
  readonly params: Promise<{ readonly goal_id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { goal_id } = await params;
  return { title: (await getTranslations("console_goal"))("page_goal", { id: goal_id }) };
}

export default async function Page({ params }: Props) {
  await callerOf(isModerator);
  const goalId = (await params).goal_id.toLowerCase();
  if (!objectIdHex.safeParse(goalId).success) notFound();
  return <GoalPage goalId={goalId} />;
}
